package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.catalyst.encoding.ColumnEncodings;
import dev.tessera.catalyst.encoding.ColumnSource;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.Metadata;

/** {@code tensor_column(column, 'uint8[28, 28]')}: the column, with a dtype and sizes declared in its metadata. */
final class TensorColumnFunction extends NamedCall {
    static final String NAME = "tensor_column";

    TensorColumnFunction() {
        super(NAME);
    }

    @Override
    String usage() {
        return "_FUNC_(column, declaration) - The column, declared as tensors of a dtype and shape, such as uint8[28,"
                + " 28].";
    }

    @Override
    Expression call(List<Expression> arguments) {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException(
                    "Cannot declare a column: write tensor_column(column, 'uint8[28, 28]') or 'float32[?]'");
        }
        Expression column = arguments.get(0);
        ColumnDeclaration declaration = ColumnDeclaration.parse(Literals.text(arguments.get(1), "the declaration"));
        String name = nameOf(column);
        ColumnEncodings.typeOf("size", new ColumnSource(name, column.dataType(), declaration));
        return alias(column, name, declaration.addTo(Metadata.empty()));
    }
}
