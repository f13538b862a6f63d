package dev.tessera.catalyst.sql;

import dev.tessera.plugin.TensorConf;
import dev.tessera.text.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the settings of Tessera in a configuration as a user wrote them: what is no key, and what is no value of its key. */
public final class SettingsReview {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsReview.class);

    private SettingsReview() {}

    /**
     * Warns of what Tessera will not read.
     *
     * @throws IllegalArgumentException if a key has a value that it does not take
     */
    static void check(Map<String, String> configuration) {
        for (TensorConf conf : TensorConf.values()) {
            String value = configuration.get(conf.key());
            if (value != null) {
                conf.check(value);
            }
        }
        unknown(configuration).forEach(LOG::warn);
    }

    /** What a session has set that has no effect, a sentence each. */
    public static List<String> withoutEffect(SparkSession session) {
        Map<String, String> configuration = ClusterConfiguration.of(session);
        List<String> sentences = unknown(configuration);
        Map<String, String> atStart = ClusterConfiguration.ofContext();
        for (TensorConf conf : TensorConf.values()) {
            String value = configuration.get(conf.key());
            if (value != null && !conf.isForSessions() && !value.equals(atStart.get(conf.key()))) {
                sentences.add("%s is set in this session, and is read only when Spark starts".formatted(conf.key()));
            }
        }
        return sentences;
    }

    private static List<String> unknown(Map<String, String> configuration) {
        List<String> keys =
                Arrays.stream(TensorConf.values()).map(TensorConf::key).toList();
        List<String> sentences = new ArrayList<>();
        for (String key : new TreeMap<>(configuration).keySet()) {
            boolean isKnown = keys.contains(key) || key.startsWith(SqlFunctions.SAVED_PREFIX);
            if (key.startsWith(TensorConf.PREFIX) && !isKnown) {
                String suggestion = Spelling.suggestion(key, keys);
                sentences.add("%s is no setting of Tessera%s"
                        .formatted(key, suggestion.isEmpty() ? "; they are " + String.join(", ", keys) : suggestion));
            }
        }
        return sentences;
    }
}
