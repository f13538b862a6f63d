package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.jspecify.annotations.Nullable;

/**
 * MLlib's Vector and Matrix as columns. Known by class name and physical type alone: spark-mllib need not be on the class
 * path.
 */
enum MllibType {
    VECTOR(
            "VectorUDT",
            new StructType()
                    .add("type", DataTypes.ByteType)
                    .add("size", DataTypes.IntegerType)
                    .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false))
                    .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false))),
    MATRIX(
            "MatrixUDT",
            new StructType()
                    .add("type", DataTypes.ByteType)
                    .add("numRows", DataTypes.IntegerType)
                    .add("numCols", DataTypes.IntegerType)
                    .add("colPtrs", DataTypes.createArrayType(DataTypes.IntegerType, false))
                    .add("rowIndices", DataTypes.createArrayType(DataTypes.IntegerType, false))
                    .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false))
                    .add("isTransposed", DataTypes.BooleanType));

    /** The value of the field {@code type} of a sparse vector or matrix. */
    static final byte SPARSE = 0;

    /** The value of the field {@code type} of a dense vector or matrix. */
    static final byte DENSE = 1;

    private static final String NEW_PACKAGE = "org.apache.spark.ml.linalg.";
    private static final String OLD_PACKAGE = "org.apache.spark.mllib.linalg.";

    private final String className;
    private final StructType fields;

    MllibType(String className, StructType fields) {
        this.className = className;
        this.fields = fields;
    }

    int fieldCount() {
        return fields.length();
    }

    /** Which of MLlib's types {@code type} is, if any. */
    static Optional<MllibType> of(DataType type) {
        if (type instanceof UserDefinedType<?> userDefined) {
            String name = userDefined.getClass().getName();
            for (MllibType candidate : values()) {
                boolean isNamed = name.equals(NEW_PACKAGE + candidate.className)
                        || name.equals(OLD_PACKAGE + candidate.className);
                if (isNamed && candidate.isStoredAs(userDefined.sqlType())) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** Nullability aside, which differs between the fields of one release and the next. */
    private boolean isStoredAs(DataType physical) {
        if (!(physical instanceof StructType struct) || struct.length() != fields.length()) {
            return false;
        }
        for (int i = 0; i < fields.length(); i++) {
            StructField expected = fields.apply(i);
            StructField found = struct.apply(i);
            if (!found.name().equals(expected.name())
                    || !found.dataType()
                            .catalogString()
                            .equals(expected.dataType().catalogString())) {
                return false;
            }
        }
        return true;
    }

    /**
     * The Spark type of this, of the same package as {@code sibling} where there is one.
     *
     * @throws TensorTypeException if spark-mllib is not on the class path
     */
    DataType dataType(@Nullable DataType sibling) {
        if (sibling != null && of(sibling).equals(Optional.of(this))) {
            return sibling;
        }
        boolean isOld = sibling != null && sibling.getClass().getName().startsWith(OLD_PACKAGE);
        String name = (isOld ? OLD_PACKAGE : NEW_PACKAGE) + className;
        try {
            Class<?> type = Class.forName(name, true, loader(sibling));
            return (DataType) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new TensorTypeException(
                    ("Cannot write an MLlib %s: %s is not on the class path (%s); add spark-mllib, "
                                    + "or ask for another output format")
                            .formatted(className.replace("UDT", ""), name, e));
        }
    }

    private static ClassLoader loader(@Nullable DataType sibling) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (sibling != null) {
            return sibling.getClass().getClassLoader();
        }
        return context != null ? context : MllibType.class.getClassLoader();
    }
}
