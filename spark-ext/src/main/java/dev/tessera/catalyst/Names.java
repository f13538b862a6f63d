package dev.tessera.catalyst;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.plan.WireInput;
import java.nio.charset.StandardCharsets;

/** Names on the wire: a length and UTF-8. */
final class Names {
    private Names() {}

    static void write(Output output, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        output.writeInt(text.length);
        output.writeBytes(text);
    }

    static String read(WireInput input) {
        byte[] text = new byte[input.readCount("bytes of a name", 1, WireInput.MAX_TEXT_LENGTH)];
        input.readBytes(text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }
}
