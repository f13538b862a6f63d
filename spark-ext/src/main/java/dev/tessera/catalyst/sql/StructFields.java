package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.ScalaInterop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.types.StructType;
import scala.Some;

/** The named fields of a struct: one that the query makes, or a column. */
final class StructFields {
    private StructFields() {}

    /** A field and its value for a row. */
    record Field(String name, Expression value) {
        /** Whether the value is the same for every row. */
        boolean isLiteral() {
            return bare().foldable();
        }

        /** The value without the alias that {@code struct(x AS y)} gives it. */
        Expression bare() {
            return value instanceof Alias alias ? alias.child() : value;
        }
    }

    /**
     * The fields in order.
     *
     * @throws IllegalArgumentException if it is no struct, or two fields have one name
     */
    static List<Field> of(Expression struct) {
        List<Field> fields = new ArrayList<>();
        Expression bare = struct instanceof Alias alias ? alias.child() : struct;
        if (bare instanceof CreateNamedStruct created) {
            List<Object> names = ScalaInterop.list(created.names());
            List<Expression> values = ScalaInterop.list(created.valExprs());
            for (int i = 0; i < names.size(); i++) {
                fields.add(new Field(names.get(i).toString(), values.get(i)));
            }
        } else if (struct.dataType() instanceof StructType type) {
            String[] names = type.fieldNames();
            for (int i = 0; i < names.length; i++) {
                fields.add(new Field(names[i], new GetStructField(struct, i, new Some<>(names[i]))));
            }
        } else {
            throw new IllegalArgumentException(
                    "Cannot bind names to %s: it is no struct; write named_struct('x', column, ...)"
                            .formatted(struct.sql()));
        }
        checkNames(fields);
        return fields;
    }

    private static void checkNames(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException(
                        "Cannot bind '%s': two fields have this name; rename one".formatted(field.name()));
            }
        }
    }
}
