package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.List;
import java.util.function.Consumer;

/** What {@link WireInput} reads back: text and lists, in Kryo's {@link Output}. */
public final class WireOutput {
    private WireOutput() {}

    public static void writeBoolean(Output output, boolean value) {
        output.writeInt(value ? 1 : 0);
    }

    /** Writes a text by its UTF-16 units, so that any Java string survives. */
    public static void writeText(Output output, String text) {
        if (text.length() > WireInput.MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("Cannot write '%s…': %d characters, at most %d"
                    .formatted(text.substring(0, 40), text.length(), WireInput.MAX_TEXT_LENGTH));
        }
        output.writeInt(text.length());
        output.writeChars(text.toCharArray(), 0, text.length());
    }

    public static <T> void writeList(Output output, List<T> list, Consumer<T> writer) {
        output.writeInt(list.size());
        list.forEach(writer);
    }
}
