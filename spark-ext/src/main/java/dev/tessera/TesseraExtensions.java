package dev.tessera;

import dev.tessera.catalyst.DriverFunctions;
import dev.tessera.catalyst.TensorCallBuilder;
import dev.tessera.catalyst.TesseraRules;
import dev.tessera.catalyst.sql.ClusterConfiguration;
import dev.tessera.catalyst.sql.SqlFunctions;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives Spark sessions Tessera: the function that calls, the rule that lifts calls out of operators and the operator that
 * batches them. Named in {@code spark.sql.extensions}.
 */
public final class TesseraExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        TensorCallBuilder calls = new TensorCallBuilder(new DriverFunctions());
        TesseraRules.injectInto(extensions, calls);
        SqlFunctions.injectInto(extensions, calls, ClusterConfiguration.ofContext());
        return BoxedUnit.UNIT;
    }
}
