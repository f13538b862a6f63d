package dev.tessera.catalyst.encoding;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** The SQL that makes tensors of a column that holds none. */
final class CastRemedy {
    private CastRemedy() {}

    /** A sentence for a column of {@code leaf} in {@code depth} levels of arrays. */
    static String of(String name, DataType leaf, int depth) {
        if (leaf instanceof StringType && depth == 0) {
            return "write cast(%1$s as double) for one number, from_json(%1$s, 'array<double>') for text as [1.5, 2]"
                    .formatted(name);
        }
        if (leaf instanceof DecimalType || leaf instanceof StringType) {
            return "write cast(%s as %s)".formatted(name, nested("double", depth));
        }
        if (leaf instanceof TimestampType) {
            return "write cast(%s as %s), seconds since 1970".formatted(name, nested("double", depth));
        }
        if (leaf instanceof TimestampNTZType) {
            String cast =
                    "cast(cast(%s as %s) as %s)".formatted(name, nested("timestamp", depth), nested("double", depth));
            return "write " + cast + ", seconds since 1970";
        }
        if (leaf instanceof DateType) {
            return "write %s, days since 1970".formatted(elementwise(name, "unix_date(%s)", depth));
        }
        if (leaf instanceof MapType) {
            return "write %s, or map_keys".formatted(elementwise(name, "map_values(%s)", depth));
        }
        if (leaf instanceof StructType struct && struct.length() > 0) {
            String field = "%s." + struct.apply(0).name().replace("%", "%%");
            return "take its fields, as in " + elementwise(name, field, depth);
        }
        return "use a numeric or boolean column for a scalar, arrays of them, an MLlib Vector or Matrix, or binary";
    }

    private static String nested(String type, int depth) {
        return "array<".repeat(depth) + type + ">".repeat(depth);
    }

    private static String elementwise(String name, String function, int depth) {
        String text = function.formatted(depth == 0 ? name : "e" + depth);
        for (int level = depth; level > 0; level--) {
            String array = level == 1 ? name : "e" + (level - 1);
            text = "transform(%s, e%d -> %s)".formatted(array, level, text);
        }
        return text;
    }
}
