package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.TensorCallBuilder;
import dev.tessera.catalyst.encoding.ColumnEncodings;
import dev.tessera.catalyst.encoding.ColumnSource;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** What the names in a text stand for: fields of a struct, as constants where they are literals, else as variables. */
final class FieldBindings {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Expression> columns = new HashMap<>();

    private FieldBindings() {}

    /**
     * Binds the fields that are tensors, of which the text may name some.
     *
     * @throws IllegalArgumentException if a field that the text names is no tensor
     */
    static FieldBindings of(List<StructFields.Field> fields, String text) {
        FieldBindings bindings = new FieldBindings();
        Set<String> words = wordsOf(text);
        for (StructFields.Field field : fields) {
            try {
                bindings.bind(field);
            } catch (IllegalArgumentException e) {
                // A whole row may be handed over: what the text does not name need be no tensor.
                if (words.contains(field.name())) {
                    throw e;
                }
            }
        }
        return bindings;
    }

    private static Set<String> wordsOf(String text) {
        Set<String> words = new HashSet<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private void bind(StructFields.Field field) {
        ColumnSource column = TensorCallBuilder.sourceOf(field.value());
        ColumnSource source = new ColumnSource(field.name(), column.dataType(), column.declaration());
        if (field.isLiteral()) {
            tensors.put(field.name(), Tensors.constant(Literals.tensor(source, field.bare())));
        } else {
            tensors.put(field.name(), Tensors.variable(field.name(), ColumnEncodings.typeOf(field.name(), source)));
            columns.put(field.name(), field.value());
        }
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The columns of a graph's variables, in order. */
    List<Expression> columnsOf(Graph graph) {
        List<Expression> ordered = new ArrayList<>();
        graph.variables().forEach(variable -> ordered.add(columns.get(variable.name())));
        return ordered;
    }
}
