package dev.tessera;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws small queries with calls over the tables {@code t} and {@code strict}, each rendered twice: with calls, and with
 * built-in expressions of equal value. Every relation has the columns id, x, k and y, so that each can be the source of
 * another. Values are small integers, so that sums are exact in any order.
 */
final class RandomQueries {
    /** A call in a template: {@code F[x]} sums three elements, or is null; {@code S[x]} fails on other lengths. */
    private static final Pattern CALL = Pattern.compile("([FSH])\\[([^\\[\\]]*)]");

    private final Random random;

    RandomQueries(long seed) {
        this.random = new Random(seed);
    }

    /** A query as it is written with calls, and with built-in expressions only. */
    record Query(String withCalls, String plain) {}

    Query next() {
        boolean isRandom = random.nextInt(5) == 0;
        String template = isRandom ? nondeterministic() : relation(1 + random.nextInt(2));
        return new Query(
                rendered(template, "lenient_sum(%s)", "strict_sum(%s)", "doubled(%s)"),
                rendered(template, plainSum(), plainSum(), "transform(%s, e -> e * 2f)"));
    }

    private static String plainSum() {
        return "(get(%1$s, 0) + get(%1$s, 1) + get(%1$s, 2))";
    }

    private static String rendered(String template, String lenient, String strict, String doubled) {
        String text = template;
        Matcher matcher = CALL.matcher(text);
        while (matcher.find()) {
            String form = switch (matcher.group(1)) {
                case "F" -> lenient;
                case "S" -> strict;
                default -> doubled;
            };
            text = text.substring(0, matcher.start())
                    + form.formatted(matcher.group(2))
                    + text.substring(matcher.end());
            matcher = CALL.matcher(text);
        }
        return text;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** What rand makes depends on the rows before: projections and filters alone, over rows that all have a value. */
    private String nondeterministic() {
        String relation = "SELECT id, x, k, S[x] AS y FROM strict";
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            String source = " FROM (" + relation + ")";
            relation = switch (random.nextInt(6)) {
                case 0 -> "SELECT id, x, k, S[x] + " + volatileValue() + " AS y" + source;
                case 1 -> "SELECT id, H[x] AS x, k, " + volatileValue() + " AS y" + source + " WHERE " + total();
                case 2 -> "SELECT *" + source + " WHERE " + total() + " AND " + volatileCondition();
                case 3 -> "SELECT *" + source + " WHERE " + volatileCondition() + " AND " + total();
                case 4 -> "SELECT *" + source + " WHERE " + volatileCondition() + " OR " + total();
                default ->
                    "SELECT id, x, k, CASE WHEN " + volatileCondition() + " THEN S[x] ELSE -1f END AS y" + source;
            };
        }
        return relation;
    }

    private String volatileValue() {
        return pick(List.of(
                "cast(10 * rand(" + random.nextInt(3) + ") as float)",
                "cast(monotonically_increasing_id() % 10 as float)",
                "cast(spark_partition_id() as float)",
                "cast(length(input_file_name()) as float)"));
    }

    private String volatileCondition() {
        return pick(List.of("rand(7) < 0.6", "rand(3) + 1 > 1.3", "spark_partition_id() = 0"));
    }

    /** A condition that is never null. */
    private String total() {
        return pick(List.of("S[x] > ", "S[x] + id > ", "id + k > ", "S[H[x]] > ")) + random.nextInt(9);
    }

    private String relation(int depth) {
        if (depth == 0) {
            return pick(List.of(
                    "SELECT id, x, k, F[x] AS y FROM t",
                    "SELECT id, x, k, cast(k as float) AS y FROM t",
                    "SELECT id, x, k, S[x] AS y FROM strict",
                    "SELECT id, x, k, F[x] AS y FROM t TABLESAMPLE (60 PERCENT) REPEATABLE (3)",
                    "SELECT id, x, k, F[x] AS y FROM cached"));
        }
        String source = "(" + relation(depth - 1) + ")";
        return switch (random.nextInt(14)) {
            case 0, 1 -> "SELECT * FROM " + source + " WHERE " + condition(2);
            case 2 -> "SELECT id, H[x] AS x, k, " + value(2) + " AS y FROM " + source;
            case 3 -> "SELECT id, x, cast(if(" + condition(1) + ", 1, 2) as int) AS k, y FROM " + source;
            case 4 -> joined(source);
            case 5 ->
                source + " " + pick(List.of("UNION ALL", "UNION", "EXCEPT", "INTERSECT")) + " (" + relation(0) + ")";
            case 6 -> grouped(source);
            case 7 ->
                "SELECT id, x, k, cast(" + pick(List.of("sum", "max", "count")) + "(" + value(1)
                        + ") OVER (PARTITION BY k ORDER BY " + value(1) + ", id) as float) AS y FROM " + source;
            case 8 ->
                "SELECT * FROM " + source + " ORDER BY " + value(1) + ", id, x, k, y LIMIT " + random.nextInt(9)
                        + pick(List.of("", " OFFSET 2"));
            case 9 ->
                "SELECT id, x, k, e AS y FROM " + source + " LATERAL VIEW " + pick(List.of("explode", "OUTER explode"))
                        + "(H[x]) v AS e";
            case 10 -> "SELECT DISTINCT 0L AS id, x, k, " + value(1) + " AS y FROM " + source;
            case 11 -> "SELECT * FROM " + source + " a WHERE " + subquery();
            case 12 ->
                "WITH c AS " + source + " SELECT c.id, d.x, c.k, " + "F[c.x] + d.y AS y"
                        + " FROM c JOIN c d ON c.id = d.id AND F[c.x] > 3";
            default ->
                "SELECT id, x, k, y FROM (SELECT *, rank() OVER (PARTITION BY k ORDER BY F[x] DESC, id) AS r FROM "
                        + source + ") WHERE r < 4 AND " + condition(1);
        };
    }

    private String joined(String source) {
        String other = "(" + relation(0) + ")";
        String on =
                " ON a.id = b.id" + pick(List.of("", " AND F[a.x] > 4", " AND F[b.x] < 9", " AND F[a.x] >= F[b.x]"));
        return switch (random.nextInt(4)) {
            case 0 -> "SELECT a.id, b.x, a.k, F[b.x] AS y FROM " + source + " a LEFT JOIN " + other + " b" + on;
            case 1 -> "SELECT a.* FROM " + source + " a LEFT SEMI JOIN " + other + " b" + on;
            case 2 -> "SELECT a.* FROM " + source + " a LEFT ANTI JOIN " + other + " b" + on;
            default ->
                "SELECT a.id, b.x, a.k, a.y + F[b.x] AS y FROM " + source + " a JOIN " + other + " b" + on
                        + pick(List.of("", " WHERE F[a.x] + F[b.x] > 9"));
        };
    }

    private String grouped(String source) {
        String columns = "SELECT max(id) AS id, max(x) AS x, k, cast(" + pick(List.of("sum", "min", "count"))
                + pick(List.of("(", "(DISTINCT ")) + value(1) + ")"
                + pick(List.of("", " FILTER (WHERE F[x] > 5)")) + " as float) AS y FROM " + source;
        return columns
                + switch (random.nextInt(4)) {
                    case 0 -> " GROUP BY k, F[x]";
                    case 1 -> " GROUP BY GROUPING SETS ((k), (F[x], k), (k, y))";
                    case 2 -> " WHERE " + condition(1) + " GROUP BY k HAVING max(F[x]) > 4";
                    default -> " GROUP BY k";
                };
    }

    private String subquery() {
        String other = "(" + relation(0) + ") b";
        return switch (random.nextInt(4)) {
            case 0 -> "EXISTS (SELECT 1 FROM " + other + " WHERE b.id = a.id AND F[b.x] > 4)";
            case 1 -> "F[a.x] IN (SELECT y FROM " + other + ")";
            case 2 -> "F[a.x] >= (SELECT avg(F[b.x]) FROM " + other + ")";
            default -> "F[a.x] < (SELECT max(F[b.x]) FROM " + other + " WHERE b.k = a.k)";
        };
    }

    private String value(int depth) {
        if (depth == 0) {
            return pick(List.of("F[x]", "y", "cast(k as float)", "F[H[x]]", "0f"));
        }
        return switch (random.nextInt(6)) {
            case 0 -> value(depth - 1) + " + " + value(depth - 1);
            case 1 ->
                "CASE WHEN " + condition(depth - 1) + " THEN " + value(depth - 1) + " ELSE " + value(depth - 1)
                        + " END";
            case 2 -> "coalesce(" + value(depth - 1) + ", " + value(depth - 1) + ")";
            case 3 -> "CASE WHEN size(x) = 3 THEN S[x] END";
            case 4 -> "greatest(" + value(depth - 1) + ", " + value(depth - 1) + ")";
            default -> value(0);
        };
    }

    private String condition(int depth) {
        if (depth == 0) {
            return pick(List.of("F[x]", "y", "k", "F[H[x]]"))
                    + pick(List.of(" > ", " = ", " <= "))
                    + random.nextInt(12);
        }
        String left = condition(depth - 1);
        return switch (random.nextInt(7)) {
            case 0 -> "(" + left + " AND " + condition(depth - 1) + ")";
            case 1 -> "(" + left + " OR " + condition(depth - 1) + ")";
            case 2 -> "NOT (" + left + ")";
            case 3 -> value(depth - 1) + " IS NULL";
            case 4 -> "(size(x) = 3 AND S[x] > " + random.nextInt(9) + ")";
            case 5 -> value(depth - 1) + " IN (3, 5, 7, " + value(depth - 1) + ")";
            default -> left;
        };
    }
}
