package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.ScalaInterop;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.Tuple2;

/** What Spark is configured with, for sessions that are built and for those that run. */
public final class ClusterConfiguration {
    private ClusterConfiguration() {}

    /** What the running context was started with, which is all there is while a session is built; empty without one. */
    public static Map<String, String> ofContext() {
        Map<String, String> entries = new TreeMap<>();
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        if (active.isDefined()) {
            for (Tuple2<String, String> entry : active.get().conf().getAll()) {
                entries.put(entry._1(), entry._2());
            }
        }
        return entries;
    }

    /** What a running session is configured with, in it or for its context. */
    public static Map<String, String> of(SparkSession session) {
        Map<String, String> entries = ofContext();
        for (Tuple2<String, String> entry : ScalaInterop.list(session.conf().getAll())) {
            entries.put(entry._1(), entry._2());
        }
        return entries;
    }
}
