package dev.tessera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
    @Test
    void textIsEscapedAndMarkupIsNot() {
        String page = new HtmlPage("a < b")
                .heading("<script>")
                .paragraph("'quoted' & \"quoted\"")
                .preformatted("</pre>")
                .table(List.of(List.of("<i>", "1 > 0")))
                .figure("<svg/>")
                .markup("<hr>")
                .toString();

        assertThat(page)
                .contains("<title>a &lt; b</title>", "<h1>a &lt; b</h1>", "<h2>&lt;script&gt;</h2>")
                .contains("<p>&#39;quoted&#39; &amp; &quot;quoted&quot;</p>", "<pre>&lt;/pre&gt;</pre>")
                .contains("<tr><th>&lt;i&gt;</th><td>1 &gt; 0</td></tr>", "<svg/>", "<hr>")
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n");
    }

    @Test
    void pageNeedsNothingBesideIt() {
        assertThat(new HtmlPage("t").toString()).doesNotContain("http:", "https:", "src=", "<link", "<script");
    }
}
