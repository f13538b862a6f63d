package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.encoding.OutputFormat;
import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.OnBadRow;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;

/** The options of a call in SQL: {@code map('as', 'vector', 'onBadRow', 'null')}. */
record CallOptions(OutputFormat format, CompileOptions compile) {
    static final CallOptions DEFAULT = new CallOptions(OutputFormat.LIKE_INPUT, CompileOptions.DEFAULT);

    /**
     * The options that a literal map sets.
     *
     * @throws IllegalArgumentException if it is none, or has an unknown option or value
     */
    static CallOptions of(Expression map) {
        boolean isOfStrings = map.dataType() instanceof MapType type
                && type.keyType() instanceof StringType
                && type.valueType() instanceof StringType;
        if (!isOfStrings || !map.foldable() || !(map.eval(null) instanceof MapData entries)) {
            throw new IllegalArgumentException(
                    "Cannot read options: %s is no literal map of strings; write map('as', 'vector')"
                            .formatted(map.sql()));
        }
        CallOptions options = DEFAULT;
        ArrayData keys = entries.keyArray();
        ArrayData values = entries.valueArray();
        for (int i = 0; i < entries.numElements(); i++) {
            options = options.with(keys.getUTF8String(i).toString(), String.valueOf(values.getUTF8String(i)));
        }
        return options;
    }

    private CallOptions with(String key, String value) {
        return switch (key) {
            case "as" -> new CallOptions(OutputFormat.ofName(value), compile);
            case "onBadRow" -> new CallOptions(format, compile.withOnBadRow(onBadRow(value)));
            default ->
                throw new IllegalArgumentException("Cannot set option '%s': there are as and onBadRow".formatted(key));
        };
    }

    private static OnBadRow onBadRow(String value) {
        for (OnBadRow candidate : OnBadRow.values()) {
            if (candidate.name().equalsIgnoreCase(value)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("Cannot set onBadRow to '%s': use one of %s"
                .formatted(value, Arrays.toString(OnBadRow.values()).toLowerCase(Locale.ROOT)));
    }
}
