package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Rewrites graphs, phase by phase. Stateless. */
public final class GraphRewriter {
    private static final List<Rewrite> CLEANING = List.of(
            new MergeCommonSubexpressions(),
            new CollapseDimShuffles(),
            new CollapseReshapes(),
            new CollapseSlices(),
            new CollapseCasts(),
            new CollapseBroadcasts(),
            new CollapseConcats(),
            new DropBroadcasts(),
            new DropEmptyPads(),
            new DropUnitReductions(),
            new TakeToSlice());

    private static final List<Rewrite> SIMPLIFYING = List.of(
            new FoldConstants(),
            new DropNeutralOperands(),
            new CancelInverses(),
            new DropRepeats(),
            new WhereOfSame(),
            new PowerToProducts(),
            new DivideOneToReciprocal(),
            new ReciprocalOfSqrtToRsqrt(),
            new FoldIntegerZeros(),
            new AbsorbNegations(),
            new DivideByPowerOfTwoToMultiply(),
            new NotOfComparisonToOpposite(),
            new SwapWhereOfNot(),
            new MergeReductions(),
            new ReduceRepeats(),
            new ElementwiseBeforeBroadcast(),
            new SliceConcatToPart(),
            new SliceBeforeElementwise());

    private static final List<Rewrite> STABILIZING = List.of(
            new LogOfSoftmaxToLogSoftmax(),
            new LogOfSumOfExpToLogSumExp(),
            new ExpOverSumToSoftmax(),
            new LogOfOnePlusToLog1p(),
            new ExpMinusOneToExpm1(),
            new ReciprocalToSigmoid(),
            new Log1pOfExpToSoftplus(),
            new LogOfSigmoidToSoftplus(),
            new SqrtOfSquareToAbs());

    private static final List<RewritePhase> PHASES = List.of(
            new RewritePhase("constants", List.of(new MergeConstants())),
            new RewritePhase("simplification", joined(joined(CLEANING, SIMPLIFYING), STABILIZING)),
            new RewritePhase("chains", List.of(new ReorderMatMulChain())),
            new RewritePhase(
                    "products",
                    joined(CLEANING, List.of(new MatMulToSyrk(), new MatMulAddToGemm(), new GemmActivation()))),
            new RewritePhase(
                    "last axis",
                    joined(
                            CLEANING,
                            List.of(
                                    new ReduceToLastAxis(),
                                    new SoftmaxToReductions(),
                                    new LogSumExpToReductions(),
                                    new SinkSqueezes(),
                                    new AlignWithReduction(),
                                    new LiftViewsOverElementwise()))),
            new RewritePhase("fusion", List.of(new FuseElementwise())),
            new RewritePhase("row programs", List.of(new OpsToRowPrograms(), new MergeCommonSubexpressions())));

    private static List<Rewrite> joined(List<Rewrite> first, List<Rewrite> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    /** The names of the rules whose results differ from those of the steps as written, which {@link StabilizedForms} lists. */
    static List<String> stabilizingRules() {
        return STABILIZING.stream().map(Rewrite::name).toList();
    }

    /** What must be done for a plan to be made. */
    private static final Set<String> REQUIRED = Set.of(
            "DropUnitReductions",
            "ReduceToLastAxis",
            "SoftmaxToReductions",
            "LogSumExpToReductions",
            "OpsToRowPrograms");

    private static final System.Logger LOGGER = System.getLogger(GraphRewriter.class.getName());

    private GraphRewriter() {}

    /** The graph after all phases. */
    public static Graph rewrite(Graph graph) {
        return rewrite(graph, Set.of());
    }

    /**
     * The graph after all phases without some rules.
     *
     * @throws IllegalArgumentException if no rule that can be left out has one of the names
     */
    public static Graph rewrite(Graph graph, Set<String> withoutRules) {
        return rewrite(graph, withoutRules, GraphRewriter::warn);
    }

    /**
     * The graph after all phases without some rules.
     *
     * @param unsettled is told of the rules of a phase that did not come to an end
     * @throws IllegalArgumentException if no rule that can be left out has one of the names
     */
    static Graph rewrite(Graph graph, Set<String> withoutRules, Consumer<UnsettledRules> unsettled) {
        Set<String> optional = optionalRules();
        for (String name : withoutRules) {
            if (!optional.contains(name)) {
                throw new IllegalArgumentException(
                        "Cannot leave out rule '%s': the rules are %s".formatted(name, optional));
            }
        }
        Graph current = graph;
        Set<Apply> verified = new HashSet<>();
        for (RewritePhase phase : PHASES) {
            current = phase.without(withoutRules).apply(current, unsettled);
            GraphVerifier.verify(current, phase.name(), verified);
        }
        return current;
    }

    /** What the rules left is right, if perhaps slower: a user's query goes on, and a test, with assertions on, does not. */
    private static void warn(UnsettledRules rules) {
        LOGGER.log(System.Logger.Level.WARNING, rules::message);
        assert false : rules.message();
    }

    /** The names of the rules that {@link #rewrite(Graph, Set)} can leave out. */
    public static Set<String> optionalRules() {
        Set<String> names = new TreeSet<>();
        for (RewritePhase phase : PHASES) {
            phase.rules().forEach(rule -> names.add(rule.name()));
        }
        names.removeAll(REQUIRED);
        return names;
    }
}
