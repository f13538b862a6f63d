package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** Which primitive Spark types hold which dtypes. */
enum PrimitiveColumn {
    BOOLEAN(DType.BOOL),
    BYTE(DType.INT8),
    SHORT(DType.INT16),
    INT(DType.INT32),
    LONG(DType.INT64),
    FLOAT(DType.FLOAT32),
    DOUBLE(DType.FLOAT64);

    private final DType stored;

    PrimitiveColumn(DType stored) {
        this.stored = stored;
    }

    /** The dtype of the values as Spark holds them, perhaps a storage dtype. */
    DType stored() {
        return stored;
    }

    static Optional<PrimitiveColumn> of(DataType type) {
        if (type instanceof FloatType) {
            return Optional.of(FLOAT);
        } else if (type instanceof DoubleType) {
            return Optional.of(DOUBLE);
        } else if (type instanceof IntegerType) {
            return Optional.of(INT);
        } else if (type instanceof LongType) {
            return Optional.of(LONG);
        } else if (type instanceof BooleanType) {
            return Optional.of(BOOLEAN);
        } else if (type instanceof ByteType) {
            return Optional.of(BYTE);
        } else if (type instanceof ShortType) {
            return Optional.of(SHORT);
        }
        return Optional.empty();
    }

    /** The Spark type that values of a computable dtype are written as. */
    static DataType dataTypeOf(DType dtype) {
        return switch (dtype) {
            case BOOL -> DataTypes.BooleanType;
            case INT32 -> DataTypes.IntegerType;
            case INT64 -> DataTypes.LongType;
            case FLOAT32 -> DataTypes.FloatType;
            case FLOAT64 -> DataTypes.DoubleType;
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalStateException("An output of storage dtype " + dtype);
        };
    }
}
