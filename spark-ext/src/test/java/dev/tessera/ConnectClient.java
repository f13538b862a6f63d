package dev.tessera;

import static org.apache.spark.sql.functions.col;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a client of Spark Connect does with Tessera, line by line, for {@link ConnectTest}. Knows no class of the server. */
public final class ConnectClient {
    private ConnectClient() {}

    public static void main(String[] args) throws IOException {
        SparkSession spark = SparkSession.builder().remote(args[0]).getOrCreate();
        print(spark.sql("SELECT tensor_eval('sum(x * 2)', named_struct('x', array(1f, float(id)))) FROM range(3)"));
        print(spark.sql("SELECT saved_sum(array(1f, float(id))) FROM range(3)"));
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        TensorFunction maximum = TensorFunction.compile(x.max());
        print(spark.sql("SELECT array(1f, float(id)) AS x FROM range(3)").select(maximum.apply(col("x"))));
        try {
            Tessera.register(spark, "maximum", maximum);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        spark.close();
    }

    private static void print(Dataset<Row> rows) {
        StringBuilder line = new StringBuilder();
        for (Row row : rows.collectAsList()) {
            line.append(row.getFloat(0)).append(' ');
        }
        System.out.println(line.toString().strip());
    }
}
