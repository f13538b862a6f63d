package dev.tessera.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How the arguments of a method differ from those of the function of its name. */
final class Methods {
    private static final Set<String> TAKE_SIZES_APART = Set.of("reshape", "transpose", "permute", "tile");

    private Methods() {}

    /** The arguments after the tensor: {@code x.reshape(2, 3)} is {@code reshape(x, (2, 3))}. */
    static List<Call.Placed> arguments(String method, List<Call.Placed> arguments) {
        if (!TAKE_SIZES_APART.contains(method) || arguments.isEmpty()) {
            return new ArrayList<>(arguments);
        }
        boolean isOneTuple = arguments.size() == 1 && !(arguments.get(0).argument() instanceof Argument.Value);
        if (isOneTuple) {
            return new ArrayList<>(arguments);
        }
        List<Argument> sizes = arguments.stream().map(Call.Placed::argument).toList();
        return new ArrayList<>(List.of(new Call.Placed(
                new Argument.Sequence(sizes, false), arguments.get(0).at())));
    }
}
