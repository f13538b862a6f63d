package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;

/** Java text that evaluates a call for one row: its columns, boxed, handed to {@link TensorCall#evaluate}. */
final class CallCode {
    private CallCode() {}

    static ExprCode generate(TensorCall call, List<Expression> inputs, CodegenContext context, ExprCode result) {
        String reference = context.addReferenceObj("tensorCall", call, TensorCall.class.getName());
        String values = context.freshName("values");
        StringBuilder text = new StringBuilder();
        text.append("Object[] %s = new Object[%d];\n".formatted(values, inputs.size()));
        for (int i = 0; i < inputs.size(); i++) {
            ExprCode code = inputs.get(i).genCode(context);
            text.append(code.code().toString()).append('\n');
            text.append("if (!%s) { %s[%d] = %s; }\n"
                    .formatted(
                            code.isNull(),
                            values,
                            i,
                            boxed(inputs.get(i), code.value().toString())));
        }
        String javaType = CodeGenerator.javaType(call.dataType());
        String boxedType = CodeGenerator.boxedType(call.dataType());
        String value = context.freshName("value");
        text.append("Object %s = %s.evaluate(%s);\n".formatted(value, reference, values));
        text.append("boolean %s = %s == null;\n".formatted(result.isNull(), value));
        text.append("%s %s = %s ? %s : (%s) %s;\n"
                .formatted(
                        javaType,
                        result.value(),
                        result.isNull(),
                        CodeGenerator.defaultValue(call.dataType(), true),
                        boxedType,
                        value));
        Block block = new CodeBlock(ScalaInterop.seq(List.of(text.toString())), ScalaInterop.seq(new ArrayList<>()));
        return result.copy(block, result.isNull(), result.value());
    }

    private static String boxed(Expression input, String value) {
        return CodeGenerator.isPrimitiveType(input.dataType())
                ? "%s.valueOf(%s)".formatted(CodeGenerator.boxedType(input.dataType()), value)
                : value;
    }
}
