package dev.tessera.report;

import java.util.List;

/**
 * A page of HTML that needs nothing beside it: its styles are in it, it runs no script and fetches nothing. Text given to
 * it is escaped; only {@link #markup} is taken as it is. Used by one thread.
 */
public final class HtmlPage {
    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>%s</title>
        <style>
        body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: #ffffff; color: #1f2733;
            font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 1rem; }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem; border-bottom: 1px solid #d5dae2; padding-bottom: 0.2rem; }
        p { margin: 0.5rem 0; }
        table { border-collapse: collapse; }
        th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top; }
        th { color: #4b5565; font-weight: 600; }
        pre { background: #f4f6f9; border-radius: 6px; padding: 0.8rem; overflow-x: auto; font-size: 0.8rem; }
        figure { margin: 0.8rem 0; overflow-x: auto; }
        figure svg { max-width: 100%%; height: auto; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.8rem; }
        .card { border: 1px solid #d5dae2; border-radius: 8px; padding: 0.6rem; }
        .card img { display: block; width: 100%%; image-rendering: pixelated; }
        </style>
        </head>
        <body>
        """;

    private final StringBuilder page = new StringBuilder();

    public HtmlPage(String title) {
        page.append(HEAD.formatted(Markup.escape(title)));
        element("h1", title);
    }

    public HtmlPage heading(String text) {
        return element("h2", text);
    }

    public HtmlPage paragraph(String text) {
        return element("p", text);
    }

    /** Text whose lines and spaces are kept. */
    public HtmlPage preformatted(String text) {
        return element("pre", text);
    }

    /** Rows of a name and a value. */
    public HtmlPage table(List<List<String>> rows) {
        page.append("<table>\n");
        for (List<String> row : rows) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String tag = i == 0 ? "th" : "td";
                page.append("<%s>%s</%s>".formatted(tag, Markup.escape(row.get(i)), tag));
            }
            page.append("</tr>\n");
        }
        page.append("</table>\n");
        return this;
    }

    /** A picture: an SVG, taken as it is. */
    public HtmlPage figure(String svg) {
        page.append("<figure>\n").append(svg).append("</figure>\n");
        return this;
    }

    /** Markup that is taken as it is: whoever made it has escaped what is in it. */
    public HtmlPage markup(String html) {
        page.append(html);
        return this;
    }

    private HtmlPage element(String tag, String text) {
        page.append("<%s>%s</%s>\n".formatted(tag, Markup.escape(text), tag));
        return this;
    }

    /** The whole page. */
    @Override
    public String toString() {
        return page + "</body>\n</html>\n";
    }
}
