package dev.tessera.sim;

import static dev.tessera.sim.PtxSnippet.someIntegers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Loads and stores of every space, kind of address and size, against what Java computes. */
@ExtendWith(SimulatedCuda.class)
class PtxMemoryTest {
    @Test
    void sharedAndLocalMemoryAreReachedThroughEveryKindOfAddress() {
        String shared = """
            .shared .align 4 .b32 s[128];
            .reg .b32 %o;
            .reg .b64 %g;
            mov.u32 %o, s;
            shl.b32 %t, %x3, 2;
            add.u32 %o, %o, %t;
            st.shared.u32 [%o], %a;
            red.shared.xor.b32 [%o], %b;
            cvt.u64.u32 %g, %o;
            cvta.shared.u64 %g, %g;
            isspacep.shared %p, %g;
            isspacep.global %q, %g;
            atom.add.u32 %t, [%g], %c;
            ld.u32 %d, [%g];
            selp.b32 %d, %d, 0, %p;
            selp.b32 %d, 0, %d, %q;
            """;
        String local = """
            .local .align 8 .b8 place[24];
            .reg .b64 %g;
            mov.u64 %g, place;
            cvta.local.u64 %g, %g;
            st.u64 [%g+8], %A;
            st.local.u8 [place+8], %b;
            ld.local.v2.u32 {%d, %t}, [place+8];
            mov.b64 %D, {%t, %d};
            """;
        new PtxSnippet(shared, false, (a, b, c) -> (a ^ b) + c)
                .check(someIntegers(1), someIntegers(2), someIntegers(3), false);
        new PtxSnippet(local, true, (a, b, c) -> Long.rotateLeft(a & ~0xFFL | b & 0xFF, 32))
                .check(someIntegers(1), someIntegers(2), someIntegers(3), false);
    }

    @Test
    void smallLoadsExtendByTheirSignAndSmallStoresCutOff() {
        String ptx = """
            .reg .b16 %s<4>;
            .reg .b32 %w<3>;
            ld.global.s8 %w0, [%y1+1];
            ld.global.u16 %w1, [%y2+2];
            ld.global.s16 %s0, [%y3];
            ld.global.v4.u8 {%s0, %s1, %s2, %s3}, [%y3];
            cvt.u32.u16 %w2, %s2;
            add.s32 %d, %w0, %w1;
            add.s32 %d, %d, %w2;
            """;
        new PtxSnippet(ptx, false, (a, b, c) -> (byte) (a >> 8) + (b >> 16 & 0xFFFF) + (c >> 16 & 0xFF))
                .check(someIntegers(1), someIntegers(2), someIntegers(3), false);
    }
}
