package dev.tessera.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a shared library that has the name of one and forwards each of its functions to that of another: so what is linked
 * against a library of CUDA 12 runs over that of CUDA 13, which the linker refuses even under the other name, for its
 * functions carry another version.
 *
 * <p>An ELF file for x86-64 (System V ABI, and for the versions of symbols the Linux Standard Base): a function of the version
 * {@code soname} jumps to the address that the linker has entered for the function of the same name and of the version {@code
 * target}. The linker refuses to load it if one of them is missing there.
 */
final class ForwardingLibrary {
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int PROGRAM_HEADERS = 4;
    private static final int SYMBOL_BYTES = 24;
    private static final int RELOCATION_BYTES = 24;
    private static final int DEFINITION_BYTES = 28;
    private static final int NEED_BYTES = 32;
    private static final int DYNAMIC_BYTES = 16;
    private static final int JUMP_BYTES = 16;
    private static final int PAGE = 0x1000;

    private static final int GLOBAL_FUNCTION = 0x12;
    private static final int GLOBAL_DATA_RELOCATION = 6;
    private static final short OWN_VERSION = 2;
    private static final short TARGET_VERSION = 3;
    private static final int VERSION_DEFINITIONS = 2;

    private final String soname;
    private final String target;
    private final List<String> functions;
    private final StringTable strings = new StringTable();

    private ForwardingLibrary(String soname, String target, List<String> functions) {
        this.soname = soname;
        this.target = target;
        this.functions = List.copyOf(functions);
    }

    /**
     * The bytes of the library.
     *
     * @param soname its name, and the version of its functions
     * @param target the name of the library it needs, and the version of the functions there
     */
    static byte[] of(String soname, String target, List<String> functions) {
        return new ForwardingLibrary(soname, target, functions).write();
    }

    /** Names, each once, as the file refers to them: by where they begin. */
    private static final class StringTable {
        private final StringBuilder text = new StringBuilder("\0");
        private final Map<String, Integer> offsets = new HashMap<>();

        int offset(String name) {
            return offsets.computeIfAbsent(name, key -> {
                int offset = text.length();
                text.append(key).append('\0');
                return offset;
            });
        }

        byte[] bytes() {
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] write() {
        functions.forEach(strings::offset);
        strings.offset(soname);
        strings.offset(target);
        byte[] names = strings.bytes();
        Layout layout = new Layout(functions.size(), names.length);
        ByteBuffer file = buffer(layout.end);
        put(file, 0, headers(layout));
        put(file, layout.hash, hash());
        put(file, layout.symbols, symbols(layout));
        put(file, layout.names, ByteBuffer.wrap(names));
        put(file, layout.versions, versions());
        put(file, layout.definitions, definitions());
        put(file, layout.needs, needs());
        put(file, layout.relocations, relocations(layout));
        put(file, layout.jumps, jumps(layout));
        put(file, layout.dynamic, dynamic(layout));
        byte[] bytes = new byte[layout.end];
        file.get(0, bytes);
        return bytes;
    }

    private static void put(ByteBuffer file, int at, ByteBuffer part) {
        file.position(at).put(part.clear());
    }

    /** Where each part is in the file, which is where it is in memory too. */
    private static final class Layout {
        private static final int DYNAMIC_ENTRIES = Tag.values().length + 1;

        private final int hash;
        private final int symbols;
        private final int names;
        private final int nameBytes;
        private final int versions;
        private final int definitions;
        private final int needs;
        private final int relocations;
        private final int jumps;
        private final int readOnlyEnd;
        private final int dynamic;
        private final int addresses;
        private final int end;

        Layout(int count, int nameBytes) {
            int symbolCount = 1 + 2 * count;
            this.nameBytes = nameBytes;
            hash = HEADER_BYTES + PROGRAM_HEADERS * PROGRAM_HEADER_BYTES;
            symbols = aligned(hash + Integer.BYTES * (3 + symbolCount), Long.BYTES);
            names = symbols + SYMBOL_BYTES * symbolCount;
            versions = aligned(names + nameBytes, Long.BYTES);
            definitions = aligned(versions + Short.BYTES * symbolCount, Long.BYTES);
            needs = definitions + DEFINITION_BYTES * VERSION_DEFINITIONS;
            relocations = aligned(needs + NEED_BYTES, Long.BYTES);
            jumps = aligned(relocations + RELOCATION_BYTES * count, JUMP_BYTES);
            readOnlyEnd = jumps + JUMP_BYTES * count;
            dynamic = aligned(readOnlyEnd, PAGE);
            addresses = dynamic + DYNAMIC_BYTES * DYNAMIC_ENTRIES;
            end = addresses + Long.BYTES * count;
        }

        private static int aligned(int offset, int to) {
            return (offset + to - 1) / to * to;
        }
    }

    private static ByteBuffer headers(Layout layout) {
        ByteBuffer out = buffer(HEADER_BYTES + PROGRAM_HEADERS * PROGRAM_HEADER_BYTES);
        // 64 bits, little endian; a shared object for x86-64.
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        out.putShort((short) 3).putShort((short) 62).putInt(1);
        out.putLong(0).putLong(HEADER_BYTES).putLong(0).putInt(0);
        out.putShort((short) HEADER_BYTES)
                .putShort((short) PROGRAM_HEADER_BYTES)
                .putShort((short) PROGRAM_HEADERS);
        out.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        int readable = 4;
        int writable = 2;
        int executable = 1;
        programHeader(out, 1, readable | executable, 0, layout.readOnlyEnd, PAGE);
        programHeader(out, 1, readable | writable, layout.dynamic, layout.end, PAGE);
        programHeader(out, 2, readable | writable, layout.dynamic, layout.addresses, Long.BYTES);
        // Its stack need not be executable.
        programHeader(out, 0x6474e551, readable | writable, 0, 0, JUMP_BYTES);
        return out;
    }

    private static void programHeader(ByteBuffer out, int type, int flags, int from, int to, int alignment) {
        out.putInt(type).putInt(flags);
        out.putLong(from).putLong(from).putLong(from);
        out.putLong(to - from).putLong(to - from).putLong(alignment);
    }

    /** One bucket, a chain through the functions that are defined here. */
    private ByteBuffer hash() {
        int symbolCount = 1 + 2 * functions.size();
        ByteBuffer out = buffer(Integer.BYTES * (3 + symbolCount));
        out.putInt(1).putInt(symbolCount).putInt(1).putInt(0);
        for (int i = 1; i <= functions.size(); i++) {
            out.putInt(i == functions.size() ? 0 : i + 1);
        }
        return out;
    }

    /** The functions that are defined here, then those of the target. */
    private ByteBuffer symbols(Layout layout) {
        ByteBuffer out = buffer(SYMBOL_BYTES * (1 + 2 * functions.size()));
        out.position(SYMBOL_BYTES);
        for (int i = 0; i < functions.size(); i++) {
            symbol(out, functions.get(i), (short) 1, layout.jumps + JUMP_BYTES * i, JUMP_BYTES);
        }
        for (String function : functions) {
            symbol(out, function, (short) 0, 0, 0);
        }
        return out;
    }

    private void symbol(ByteBuffer out, String name, short section, int value, int size) {
        out.putInt(strings.offset(name)).put((byte) GLOBAL_FUNCTION).put((byte) 0);
        out.putShort(section).putLong(value).putLong(size);
    }

    private ByteBuffer versions() {
        ByteBuffer out = buffer(Short.BYTES * (1 + 2 * functions.size()));
        out.putShort((short) 0);
        functions.forEach(function -> out.putShort(OWN_VERSION));
        functions.forEach(function -> out.putShort(TARGET_VERSION));
        return out;
    }

    /** The file's own version, and that of its functions, which has the same name. */
    private ByteBuffer definitions() {
        ByteBuffer out = buffer(DEFINITION_BYTES * VERSION_DEFINITIONS);
        for (short index = 1; index <= VERSION_DEFINITIONS; index++) {
            boolean isOfFile = index == 1;
            out.putShort((short) 1).putShort((short) (isOfFile ? 1 : 0)).putShort(index);
            out.putShort((short) 1).putInt(hash(soname)).putInt(20).putInt(isOfFile ? DEFINITION_BYTES : 0);
            out.putInt(strings.offset(soname)).putInt(0);
        }
        return out;
    }

    private ByteBuffer needs() {
        ByteBuffer out = buffer(NEED_BYTES);
        out.putShort((short) 1)
                .putShort((short) 1)
                .putInt(strings.offset(target))
                .putInt(16)
                .putInt(0);
        out.putInt(hash(target)).putShort((short) 0).putShort(TARGET_VERSION);
        out.putInt(strings.offset(target)).putInt(0);
        return out;
    }

    /** The hash of the System V ABI. */
    private static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash << 4) + name.charAt(i);
            int high = hash & 0xf0000000;
            hash = (hash ^ (high >>> 24)) & ~high;
        }
        return hash;
    }

    private ByteBuffer relocations(Layout layout) {
        ByteBuffer out = buffer(RELOCATION_BYTES * functions.size());
        for (int i = 0; i < functions.size(); i++) {
            long symbol = 1L + functions.size() + i;
            out.putLong(layout.addresses + (long) Long.BYTES * i);
            out.putLong(symbol << 32 | GLOBAL_DATA_RELOCATION).putLong(0);
        }
        return out;
    }

    /** {@code endbr64; jmp *address(%rip)} for each function. */
    private ByteBuffer jumps(Layout layout) {
        ByteBuffer out = buffer(JUMP_BYTES * functions.size());
        for (int i = 0; i < functions.size(); i++) {
            int length = 10;
            int next = layout.jumps + JUMP_BYTES * i + length;
            out.position(JUMP_BYTES * i);
            out.put(new byte[] {(byte) 0xf3, 0x0f, 0x1e, (byte) 0xfa, (byte) 0xff, 0x25});
            out.putInt(layout.addresses + Long.BYTES * i - next);
        }
        return out;
    }

    /** What the linker reads, by the tags of the ABI. */
    private ByteBuffer dynamic(Layout layout) {
        ByteBuffer out = buffer(DYNAMIC_BYTES * Layout.DYNAMIC_ENTRIES);
        Tag.SONAME.put(out, strings.offset(soname));
        Tag.NEEDED.put(out, strings.offset(target));
        Tag.HASH.put(out, layout.hash);
        Tag.STRTAB.put(out, layout.names);
        Tag.STRSZ.put(out, layout.nameBytes);
        Tag.SYMTAB.put(out, layout.symbols);
        Tag.SYMENT.put(out, SYMBOL_BYTES);
        Tag.RELA.put(out, layout.relocations);
        Tag.RELASZ.put(out, RELOCATION_BYTES * (long) functions.size());
        Tag.RELAENT.put(out, RELOCATION_BYTES);
        Tag.VERSYM.put(out, layout.versions);
        Tag.VERDEF.put(out, layout.definitions);
        Tag.VERDEFNUM.put(out, VERSION_DEFINITIONS);
        Tag.VERNEED.put(out, layout.needs);
        Tag.VERNEEDNUM.put(out, 1);
        return out;
    }

    private enum Tag {
        SONAME(14),
        NEEDED(1),
        HASH(4),
        STRTAB(5),
        STRSZ(10),
        SYMTAB(6),
        SYMENT(11),
        RELA(7),
        RELASZ(8),
        RELAENT(9),
        VERSYM(0x6ffffff0),
        VERDEF(0x6ffffffc),
        VERDEFNUM(0x6ffffffd),
        VERNEED(0x6ffffffe),
        VERNEEDNUM(0x6fffffff);

        private final long code;

        Tag(long code) {
            this.code = code;
        }

        void put(ByteBuffer out, long value) {
            out.putLong(code).putLong(value);
        }
    }
}
