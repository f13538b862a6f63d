package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnDeclarationTest {
    @Test
    void declarationsPassThroughMetadataAsJson() {
        Metadata other = new MetadataBuilder().putString("comment", "kept").build();
        for (TensorType type : List.of(
                TensorType.scalar(DType.BOOL),
                TensorType.of(DType.FLOAT32, 28, 0),
                new TensorType(DType.INT64, Shape.of(Dim.named("n"), Dim.of(3))))) {
            ColumnDeclaration declaration = ColumnDeclaration.of(type);
            Metadata metadata = Metadata.fromJson(declaration.addTo(other).json());
            assertThat(ColumnDeclaration.of(metadata)).contains(declaration);
            assertThat(metadata.getString("comment")).isEqualTo("kept");
        }
        assertThat(ColumnDeclaration.of(other)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tessera.dtype\":\"float33\",\"tessera.shape\":[1]}",
                "{\"tessera.dtype\":5,\"tessera.shape\":[1]}",
                "{\"tessera.dtype\":\"float32\",\"tessera.shape\":\"no\"}",
                "{\"tessera.dtype\":\"float32\",\"tessera.shape\":[-2]}",
                "{\"tessera.dtype\":\"float32\",\"tessera.shape\":[1,1,1,1,1,1,1]}"
            })
    void corruptMetadataIsRefused(String json) {
        assertThatThrownBy(() -> ColumnDeclaration.of(Metadata.fromJson(json)))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageStartingWith("Cannot read the tensor metadata");
    }

    @Test
    void declarationsAreWrittenAsTypesAre() {
        assertThat(ColumnDeclaration.parse("uint8[28, 28]"))
                .isEqualTo(new ColumnDeclaration(DType.UINT8, List.of(28L, 28L)))
                .hasToString("uint8[28, 28]");
        assertThat(ColumnDeclaration.parse(" float32[?,3] ")).hasToString("float32[?, 3]");
        assertThat(ColumnDeclaration.parse("bool[]").sizes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "float32",
                "float32[",
                "float[3]",
                "float32[a]",
                "float32[3,]",
                "float32[-1]",
                "float32[1,1,1,1,1,1,1]",
                "float32[99999999999999999999]"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> ColumnDeclaration.parse(text))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageStartingWith("Cannot read '%s' as a dtype and shape".formatted(text));
    }

    @Test
    void formatsHaveNames() {
        assertThat(OutputFormat.ofName("vector")).isEqualTo(OutputFormat.VECTOR);
        assertThatThrownBy(() -> OutputFormat.ofName("tensor"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write an output as 'tensor': use one of "
                        + "[like_input, nested, flat, vector, matrix, binary]");
    }
}
