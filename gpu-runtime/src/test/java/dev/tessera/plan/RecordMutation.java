package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Changes one place in a tree of records: a number, a code, a text, a dim, a list, or a whole part for one of its kind
 * from another tree. Every place is equally likely, so a plan is reached wherever it has fields.
 */
final class RecordMutation {
    private static final int[] INTS = {0, 1, -1, 2, 7, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE};
    private static final long[] LONGS = {0, 1, -1, 3, 1L << 31, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final List<Class<?>> KINDS = List.of(Step.class, RowProgram.Instruction.class);

    private final SplittableRandom random;
    private final Map<Class<?>, List<Object>> donors = new HashMap<>();
    // Of the nodes of the trees given: most of a mutated tree is still theirs.
    private final Map<Object, List<Object>> knownChildren = new IdentityHashMap<>();
    private final Map<Object, Integer> knownCounts = new IdentityHashMap<>();

    /** Takes parts from {@code trees} too. */
    RecordMutation(SplittableRandom random, List<? extends Record> trees) {
        this.random = random;
        trees.forEach(this::collect);
    }

    private void collect(Object node) {
        donors.computeIfAbsent(kind(node), kind -> new ArrayList<>()).add(node);
        List<Object> children = children(node);
        children.forEach(this::collect);
        knownCounts.put(node, count(node));
        knownChildren.put(node, children);
    }

    private static Class<?> kind(Object node) {
        for (Class<?> kind : KINDS) {
            if (kind.isInstance(node)) {
                return kind;
            }
        }
        return node.getClass();
    }

    private List<Object> children(Object node) {
        List<Object> known = knownChildren.get(node);
        if (known != null) {
            return known;
        }
        if (node instanceof List<?> list) {
            return Collections.unmodifiableList(list);
        }
        List<Object> children = new ArrayList<>();
        if (node instanceof Record) {
            for (RecordComponent component : node.getClass().getRecordComponents()) {
                Object child = component(node, component);
                if (child != null) {
                    children.add(child);
                }
            }
        }
        return children;
    }

    private static Object component(Object node, RecordComponent component) {
        try {
            return component.getAccessor().invoke(node);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private int count(Object node) {
        Integer known = knownCounts.get(node);
        if (known != null) {
            return known;
        }
        int count = 1;
        for (Object child : children(node)) {
            count += count(child);
        }
        return count;
    }

    /** The tree with one place changed, or itself where a record refuses the change. */
    <T extends Record> T mutated(T tree) {
        try {
            @SuppressWarnings("unchecked")
            T mutated = (T) mutated(tree, random.nextInt(1, count(tree)));
            return mutated;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return tree;
        }
    }

    /** The node with its {@code place}-th descendant changed, itself being the 0-th. */
    private Object mutated(Object node, int place) {
        if (place == 0) {
            return replacement(node);
        }
        List<Object> children = children(node);
        int rest = place - 1;
        int index = 0;
        int size = count(children.get(0));
        while (rest >= size) {
            rest -= size;
            size = count(children.get(++index));
        }
        return with(node, index, mutated(children.get(index), rest));
    }

    private Object with(Object node, int index, Object child) {
        if (node instanceof List<?> list) {
            List<Object> changed = new ArrayList<>(list);
            changed.set(index, child);
            return changed;
        }
        Object old = children(node).get(index);
        RecordComponent[] components = node.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        boolean isReplaced = false;
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(node, components[i]);
            if (!isReplaced && arguments[i] == old) {
                arguments[i] = child;
                isReplaced = true;
            }
        }
        return construct(node.getClass(), components, arguments);
    }

    private static Object construct(Class<?> type, RecordComponent[] components, Object[] arguments) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Object replacement(Object node) {
        if (node instanceof Integer number) {
            return integer(number);
        } else if (node instanceof Long number) {
            return random.nextBoolean() ? number ^ 1L << random.nextInt(64) : LONGS[random.nextInt(LONGS.length)];
        } else if (node instanceof Boolean flag) {
            return !flag;
        } else if (node instanceof String text) {
            return text(text);
        } else if (node instanceof Dim dim) {
            return dim(dim);
        } else if (node instanceof Enum<?> constant) {
            Object[] constants = constant.getDeclaringClass().getEnumConstants();
            return constants[random.nextInt(constants.length)];
        } else if (node instanceof List<?> list) {
            return list(list);
        }
        return donor(node);
    }

    private Object donor(Object node) {
        List<Object> of = donors.getOrDefault(kind(node), List.of(node));
        return of.get(random.nextInt(of.size()));
    }

    private int integer(int number) {
        return switch (random.nextInt(3)) {
            case 0 -> number + (random.nextBoolean() ? 1 : -1);
            case 1 -> random.nextInt(12);
            default -> INTS[random.nextInt(INTS.length)];
        };
    }

    private String text(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> text + text;
            case 2 -> text.isEmpty() ? "\uD800" : text.substring(1);
            default -> (String) donor(text);
        };
    }

    private Dim dim(Dim dim) {
        return switch (random.nextInt(8)) {
            case 0 -> dim.plus(1);
            case 1 -> dim.plus(-1);
            case 2 -> dim.times(random.nextBoolean() ? -1 : 2);
            case 3 -> Dim.of(random.nextLong(8));
            case 4 -> Dim.of(LONGS[random.nextInt(LONGS.length)]);
            case 5 -> Dim.named(random.nextBoolean() ? "n" : "unknown");
            case 6 -> Dim.max(dim, (Dim) donor(dim));
            default -> (Dim) donor(dim);
        };
    }

    private List<?> list(List<?> list) {
        List<Object> changed = new ArrayList<>(list);
        if (changed.isEmpty()) {
            return changed;
        }
        int at = random.nextInt(changed.size());
        switch (random.nextInt(5)) {
            case 0 -> changed.remove(at);
            case 1 -> changed.add(at, changed.get(random.nextInt(changed.size())));
            case 2 -> Collections.swap(changed, at, random.nextInt(changed.size()));
            case 3 -> changed.set(at, donor(changed.get(at)));
            default -> changed.subList(at, changed.size()).clear();
        }
        return changed;
    }
}
