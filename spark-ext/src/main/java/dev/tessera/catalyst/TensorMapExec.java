package dev.tessera.catalyst;

import dev.tessera.plugin.TensorConf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/**
 * A projection whose calls are evaluated in batches of rows. The calls stay in the project list, so that Spark recognises
 * equal operators and reuses their exchanges; they are taken out of it when the operator runs.
 */
public final class TensorMapExec extends CatalystExec {
    private static final long serialVersionUID = 1;

    private final Seq<NamedExpression> projectList;
    private transient @Nullable MapMetrics metrics;

    /** Arguments in the order of {@link #productElement}, as Spark copies trees by calling the constructor with them. */
    public TensorMapExec(Seq<NamedExpression> projectList, SparkPlan child) {
        super(child);
        this.projectList = projectList;
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> attributes = new ArrayList<>();
        ScalaInterop.list(projectList).forEach(named -> attributes.add(named.toAttribute()));
        return ScalaInterop.seq(attributes);
    }

    @Override
    public Partitioning outputPartitioning() {
        return child().outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child().outputOrdering();
    }

    @Override
    public Map<String, SQLMetric> metrics() {
        return mapMetrics().byName();
    }

    private synchronized MapMetrics mapMetrics() {
        MapMetrics current = metrics;
        if (current == null) {
            current = MapMetrics.create(context());
            metrics = current;
        }
        return current;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        return child().execute().mapPartitionsWithIndex(task(), true, ClassTag$.MODULE$.apply(InternalRow.class));
    }

    /** What executors run. */
    MapTask task() {
        return new MapTask(
                MapLayout.of(ScalaInterop.list(projectList), ScalaInterop.list(child().output())),
                mapMetrics(),
                (int) Math.min(Integer.MAX_VALUE, TensorConf.BATCH_MAX_ROWS.positiveValue(this::setting)),
                TensorConf.BATCH_MAX_BYTES.positiveValue(this::setting));
    }

    private @Nullable String setting(String key) {
        return conf().contains(key) ? conf().getConfString(key) : null;
    }

    @Override
    public SparkPlan withNewChildInternal(SparkPlan newChild) {
        return new TensorMapExec(projectList, newChild);
    }

    @Override
    public String nodeName() {
        return "TensorMap";
    }

    /** The calls, the device that is asked for, and once batches have run where they did. */
    @Override
    public String simpleString(int maxFields) {
        MapMetrics counted = metrics;
        String whereRun = counted == null ? "" : counted.whereRun();
        return "TensorMap [%s], device %s%s"
                .formatted(
                        ScalaInterop.list(projectList).stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")),
                        device(),
                        whereRun.isEmpty() ? "" : " (batches: %s)".formatted(whereRun));
    }

    /** The context; also of a copy that a thread without an active session has made, whose session is null. */
    private SparkContext context() {
        return session() == null ? SparkContext.getOrCreate() : sparkContext();
    }

    /** What executors were told when they started; what a session sets later has no effect on them. */
    private String device() {
        return context().conf().get(TensorConf.DEVICE.key(), TensorConf.DEVICE.defaultValue());
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> projectList;
            case 1 -> child();
            default -> throw new IndexOutOfBoundsException(Integer.toString(index));
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof TensorMapExec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TensorMapExec exec
                && exec.projectList.equals(projectList)
                && exec.child().equals(child());
    }

    @Override
    public int hashCode() {
        return Objects.hash(projectList, child());
    }
}
