package dev.tessera.catalyst.sql;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import scala.Option;
import scala.Tuple2;

/** The configuration that the running Spark context was started with; empty if none is running. */
public final class ClusterConfiguration {
    private ClusterConfiguration() {}

    public static Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        if (active.isDefined()) {
            SparkConf conf = active.get().conf();
            for (Tuple2<String, String> entry : conf.getAll()) {
                entries.put(entry._1(), entry._2());
            }
        }
        return entries;
    }
}
