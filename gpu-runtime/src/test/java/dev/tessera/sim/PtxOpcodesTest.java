package dev.tessera.sim;

import static dev.tessera.sim.PtxSnippet.INPUTS;
import static dev.tessera.sim.PtxSnippet.bits;
import static dev.tessera.sim.PtxSnippet.d;
import static dev.tessera.sim.PtxSnippet.f;
import static dev.tessera.sim.PtxSnippet.low;
import static dev.tessera.sim.PtxSnippet.narrow;
import static dev.tessera.sim.PtxSnippet.run;
import static dev.tessera.sim.PtxSnippet.someDoubles;
import static dev.tessera.sim.PtxSnippet.someFloats;
import static dev.tessera.sim.PtxSnippet.someIntegers;
import static dev.tessera.sim.PtxSnippet.wide;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family of opcodes on corner values and random ones, against what Java computes; full and partial warps. */
@ExtendWith(SimulatedCuda.class)
class PtxOpcodesTest {
    static List<PtxSnippet> integers32() {
        return List.of(
                narrow("add.s32 %d, %a, %b;", (a, b, c) -> (int) a + (int) b),
                narrow("sub.u32 %d, %a, %b;", (a, b, c) -> (int) a - (int) b),
                narrow("mul.lo.s32 %d, %a, %b;", (a, b, c) -> (int) a * (int) b),
                narrow("mul.hi.s32 %d, %a, %b;", (a, b, c) -> (int) ((long) (int) a * (int) b >> 32)),
                narrow("mul.hi.u32 %d, %a, %b;", (a, b, c) -> (int) (low(a) * low(b) >>> 32)),
                narrow("mad.lo.s32 %d, %a, %b, %c;", (a, b, c) -> (int) a * (int) b + (int) c),
                narrow("mad.hi.s32 %d, %a, %b, %c;", (a, b, c) -> (int) ((long) (int) a * (int) b >> 32) + (int) c),
                narrow("div.s32 %d, %a, %b;", (a, b, c) -> (int) b == 0 ? -1 : (int) a / (int) b),
                narrow(
                        "div.u32 %d, %a, %b;",
                        (a, b, c) -> (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b)),
                narrow("rem.s32 %d, %a, %b;", (a, b, c) -> (int) b == 0 ? (int) a : (int) a % (int) b),
                narrow(
                        "rem.u32 %d, %a, %b;",
                        (a, b, c) -> (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b)),
                narrow("neg.s32 %d, %a;", (a, b, c) -> -(int) a),
                narrow("abs.s32 %d, %a;", (a, b, c) -> Math.abs((int) a)),
                narrow("min.s32 %d, %a, %b;", (a, b, c) -> Math.min((int) a, (int) b)),
                narrow("max.u32 %d, %a, %b;", (a, b, c) -> Math.max(low(a), low(b))),
                narrow("and.b32 %d, %a, %b;", (a, b, c) -> a & b),
                narrow("or.b32 %d, %a, 0xF0F0;", (a, b, c) -> a | 0xF0F0),
                narrow("xor.b32 %d, %a, %b;", (a, b, c) -> a ^ b),
                narrow("not.b32 %d, %a;", (a, b, c) -> ~a),
                narrow("cnot.b32 %d, %a;", (a, b, c) -> (int) a == 0 ? 1 : 0),
                narrow("shl.b32 %d, %a, %b;", (a, b, c) -> low(b) > 31 ? 0 : (int) a << b),
                narrow("shr.u32 %d, %a, %b;", (a, b, c) -> low(b) > 31 ? 0 : (int) a >>> b),
                narrow("shr.s32 %d, %a, %b;", (a, b, c) -> (int) a >> Math.min(low(b), 31)),
                narrow("shf.l.wrap.b32 %d, %a, %b, %c;", (a, b, c) -> (low(b) << 32 | low(a)) << (c & 31) >>> 32),
                narrow("shf.r.wrap.b32 %d, %a, %b, %c;", (a, b, c) -> (low(b) << 32 | low(a)) >>> (c & 31)));
    }

    static List<PtxSnippet> bitsAndFlags32() {
        return List.of(
                narrow("clz.b32 %d, %a;", (a, b, c) -> Integer.numberOfLeadingZeros((int) a)),
                narrow("popc.b32 %d, %a;", (a, b, c) -> Integer.bitCount((int) a)),
                narrow("brev.b32 %d, %a;", (a, b, c) -> Integer.reverse((int) a)),
                narrow("bfind.u32 %d, %a;", (a, b, c) -> 31 - Integer.numberOfLeadingZeros((int) a)),
                narrow(
                        "bfind.s32 %d, %a;",
                        (a, b, c) -> 31 - Integer.numberOfLeadingZeros((int) a < 0 ? ~(int) a : (int) a)),
                narrow("bfe.u32 %d, %a, 5, 9;", (a, b, c) -> low(a) >>> 5 & 0x1FF),
                narrow("bfe.s32 %d, %a, 5, 9;", (a, b, c) -> (int) a << 18 >> 23),
                narrow("bfi.b32 %d, %a, %b, 4, 8;", (a, b, c) -> b & ~0xFF0 | (a & 0xFF) << 4),
                narrow("prmt.b32 %d, %a, %b, 0x6240;", (a, b, c) -> permuted((int) a, (int) b)),
                narrow("lop3.b32 %d, %a, %b, %c, 0xE8;", (a, b, c) -> a & b | a & c | b & c),
                narrow(
                        "sad.s32 %d, %a, %b, %c;",
                        (a, b, c) -> (int) c + ((int) a < (int) b ? (int) b - (int) a : (int) a - (int) b)),
                narrow("add.cc.u32 %t, %a, %b; addc.u32 %d, 0, 0;", (a, b, c) -> low(a) + low(b) >>> 32),
                narrow("sub.cc.u32 %t, %a, %b; subc.u32 %d, 7, 0;", (a, b, c) -> low(a) < low(b) ? 6 : 7),
                narrow(
                        "mad.lo.cc.u32 %t, %a, %b, %c; madc.hi.u32 %d, %a, %b, 0;",
                        (a, b, c) -> low(a) * low(b) + low(c) >>> 32),
                narrow("setp.lt.s32 %p, %a, %b; selp.b32 %d, %a, %c, %p;", (a, b, c) -> (int) a < (int) b ? a : c),
                narrow("setp.hi.u32 %p, %a, %b; selp.b32 %d, 5, %c, %p;", (a, b, c) -> low(a) > low(b) ? 5 : c),
                narrow(
                        "setp.eq.s32 %q, %c, %b; setp.ge.or.s32 %p, %a, %b, %q; selp.b32 %d, 1, 0, %p;",
                        (a, b, c) -> (int) a >= (int) b || (int) c == (int) b ? 1 : 0),
                narrow("setp.ne.s32 %p|%q, %a, %b; selp.b32 %d, 1, 0, %q;", (a, b, c) -> (int) a == (int) b ? 1 : 0),
                narrow("slct.b32.s32 %d, %a, %b, %c;", (a, b, c) -> (int) c >= 0 ? a : b),
                narrow("set.lt.u32.s32 %d, %a, %b;", (a, b, c) -> (int) a < (int) b ? -1 : 0),
                narrow("mov.u32 %d, 9; setp.gt.s32 %p, %a, 3; @%p mov.u32 %d, %b;", (a, b, c) -> (int) a > 3 ? b : 9),
                narrow(
                        "mov.u32 %d, 9; setp.gt.s32 %p, %a, 3; @!%p add.s32 %d, %b, %d;",
                        (a, b, c) -> (int) a > 3 ? 9 : b + 9));
    }

    static List<PtxSnippet> integers64() {
        return List.of(
                wide("add.s64 %D, %A, %B;", (a, b, c) -> a + b),
                wide("mul.lo.u64 %D, %A, %B;", (a, b, c) -> a * b),
                wide("mul.hi.s64 %D, %A, %B;", (a, b, c) -> Math.multiplyHigh(a, b)),
                wide("mul.wide.s32 %D, %a, %b;", (a, b, c) -> (long) (int) a * (int) b),
                wide("mul.wide.u32 %D, %a, %b;", (a, b, c) -> low(a) * low(b)),
                wide("mad.wide.s32 %D, %a, %b, %C;", (a, b, c) -> (long) (int) a * (int) b + c),
                wide("mad.lo.s64 %D, %A, %B, %C;", (a, b, c) -> a * b + c),
                wide("div.s64 %D, %A, %B;", (a, b, c) -> b == 0 ? -1 : a / b),
                wide("rem.u64 %D, %A, %B;", (a, b, c) -> b == 0 ? a : Long.remainderUnsigned(a, b)),
                wide("shl.b64 %D, %A, %b;", (a, b, c) -> low(b) > 63 ? 0 : a << b),
                wide("shr.s64 %D, %A, %b;", (a, b, c) -> a >> Math.min(low(b), 63)),
                wide("shr.u64 %D, %A, %b;", (a, b, c) -> low(b) > 63 ? 0 : a >>> b),
                wide("brev.b64 %D, %A;", (a, b, c) -> Long.reverse(a)),
                wide("min.u64 %D, %A, %B;", (a, b, c) -> Long.compareUnsigned(a, b) < 0 ? a : b),
                wide("bfe.s64 %D, %A, 8, 16;", (a, b, c) -> a << 40 >> 48),
                wide("bfi.b64 %D, %A, %B, 8, 16;", (a, b, c) -> b & ~0xFFFF00L | (a & 0xFFFF) << 8),
                narrow("clz.b64 %d, %A;", (a, b, c) -> Long.numberOfLeadingZeros(a)),
                narrow("popc.b64 %d, %A;", (a, b, c) -> Long.bitCount(a)),
                wide("mov.b64 {%d, %t}, %A; mov.b64 %D, {%t, %d};", (a, b, c) -> Long.rotateLeft(a, 32)),
                wide(
                        "mov.b32 {%h, %k}, %a; mov.b32 %d, {%k, %h}; cvt.u64.u32 %D, %d;",
                        (a, b, c) -> low(Integer.rotateLeft((int) a, 16))),
                wide("selp.s64 %D, %A, %B, 1;", (a, b, c) -> a),
                wide("setp.le.s64 %p, %A, %B; selp.b64 %D, %A, %C, %p;", (a, b, c) -> a <= b ? a : c),
                wide(
                        "add.cc.u64 %D, %A, %B; addc.u64 %D, %C, 0;",
                        (a, b, c) -> c + (Long.compareUnsigned(a + b, a) < 0 ? 1 : 0)),
                wide("cvt.s64.s32 %D, %a;", (a, b, c) -> (int) a),
                wide("cvt.u64.u32 %D, %a;", (a, b, c) -> low(a)),
                wide("cvt.s64.s8 %D, %A;", (a, b, c) -> (byte) a),
                narrow("cvt.u32.u16 %d, %a;", (a, b, c) -> a & 0xFFFF),
                narrow("cvt.s32.s16 %d, %a;", (a, b, c) -> (short) a),
                narrow("cvt.sat.u8.s32 %d, %a;", (a, b, c) -> Math.max(0, Math.min(255, (int) a))),
                narrow(
                        "cvt.sat.s32.s64 %d, %A;",
                        (a, b, c) -> Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, a))),
                narrow("cvt.u16.u32 %h, %a; add.s16 %h, %h, 3; cvt.u32.u16 %d, %h;", (a, b, c) -> a + 3 & 0xFFFF));
    }

    static List<PtxSnippet> floats() {
        return List.of(
                narrow("add.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(f(a) + f(b))),
                narrow("sub.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(f(a) - f(b))),
                narrow("mul.rn.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(f(a) * f(b))),
                narrow(
                        "mul.ftz.f32 %fd, %fa, %fb; mov.b32 %d, %fd;",
                        (a, b, c) -> bits(flushed(flushed(f(a)) * flushed(f(b))))),
                narrow(
                        "fma.rn.f32 %fd, %fa, %fb, %fc; mov.b32 %d, %fd;",
                        (a, b, c) -> bits(Math.fma(f(a), f(b), f(c)))),
                narrow("div.rn.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(f(a) / f(b))),
                narrow("rcp.rn.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits(1 / f(a))),
                narrow("sqrt.rn.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits((float) Math.sqrt(f(a)))),
                narrow("neg.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits(-f(a))),
                narrow("abs.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits(Math.abs(f(a)))),
                narrow("copysign.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(Math.copySign(f(b), f(a)))),
                narrow(
                        "min.f32 %fd, %fa, %fb; mov.b32 %d, %fd;",
                        (a, b, c) -> bits(number(f(a), f(b), Math.min(f(a), f(b))))),
                narrow(
                        "max.f32 %fd, %fa, %fb; mov.b32 %d, %fd;",
                        (a, b, c) -> bits(number(f(a), f(b), Math.max(f(a), f(b))))),
                narrow("max.NaN.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(Math.max(f(a), f(b)))),
                narrow("add.sat.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", (a, b, c) -> bits(saturated(f(a) + f(b)))),
                narrow("cvt.sat.f32.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits(saturated(f(a)))),
                narrow("cvt.rni.f32.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits((float) Math.rint(f(a)))),
                narrow(
                        "cvt.rzi.f32.f32 %fd, %fa; mov.b32 %d, %fd;",
                        (a, b, c) -> bits(f(a) < 0 ? (float) Math.ceil(f(a)) : (float) Math.floor(f(a)))),
                narrow("cvt.rmi.f32.f32 %fd, %fa; mov.b32 %d, %fd;", (a, b, c) -> bits((float) Math.floor(f(a)))),
                narrow("cvt.rzi.s32.f32 %d, %fa;", (a, b, c) -> (int) f(a)),
                narrow("cvt.rni.s32.f32 %d, %fa;", (a, b, c) -> (int) Math.rint(f(a))),
                narrow("cvt.rzi.u32.f32 %d, %fa;", (a, b, c) -> Math.max(0, Math.min(0xFFFFFFFFL, (long) f(a)))),
                wide("cvt.rzi.s64.f32 %D, %fa;", (a, b, c) -> Float.isNaN(f(a)) ? Long.MIN_VALUE : (long) f(a)),
                narrow("cvt.rn.f32.s32 %fd, %a; mov.b32 %d, %fd;", (a, b, c) -> bits((float) (int) a)),
                narrow("cvt.rn.f32.u32 %fd, %a; mov.b32 %d, %fd;", (a, b, c) -> bits((float) low(a))),
                narrow("cvt.rn.f32.s64 %fd, %A; mov.b32 %d, %fd;", (a, b, c) -> bits((float) a)),
                narrow("setp.lt.f32 %p, %fa, %fb; selp.b32 %d, 1, 0, %p;", (a, b, c) -> f(a) < f(b) ? 1 : 0),
                narrow("setp.neu.f32 %p, %fa, %fb; selp.b32 %d, 1, 0, %p;", (a, b, c) -> f(a) != f(b) ? 1 : 0),
                narrow(
                        "setp.ne.f32 %p, %fa, %fb; selp.b32 %d, 1, 0, %p;",
                        (a, b, c) -> f(a) < f(b) || f(a) > f(b) ? 1 : 0),
                narrow("setp.geu.f32 %p, %fa, %fb; selp.b32 %d, 1, 0, %p;", (a, b, c) -> f(a) < f(b) ? 0 : 1),
                narrow(
                        "setp.num.f32 %p, %fa, %fb; selp.b32 %d, 1, 0, %p;",
                        (a, b, c) -> Float.isNaN(f(a)) || Float.isNaN(f(b)) ? 0 : 1),
                narrow("testp.finite.f32 %p, %fa; selp.b32 %d, 1, 0, %p;", (a, b, c) -> Float.isFinite(f(a)) ? 1 : 0),
                wide("cvt.f64.f32 %dd, %fa; mov.b64 %D, %dd;", (a, b, c) -> bits((double) f(a))));
    }

    static List<PtxSnippet> doubles() {
        return List.of(
                wide("add.f64 %dd, %da, %db; mov.b64 %D, %dd;", (a, b, c) -> bits(d(a) + d(b))),
                wide("mul.f64 %dd, %da, %db; mov.b64 %D, %dd;", (a, b, c) -> bits(d(a) * d(b))),
                wide("fma.rn.f64 %dd, %da, %db, %dc; mov.b64 %D, %dd;", (a, b, c) -> bits(Math.fma(d(a), d(b), d(c)))),
                wide("div.rn.f64 %dd, %da, %db; mov.b64 %D, %dd;", (a, b, c) -> bits(d(a) / d(b))),
                wide("sqrt.rn.f64 %dd, %da; mov.b64 %D, %dd;", (a, b, c) -> bits(Math.sqrt(d(a)))),
                wide(
                        "min.f64 %dd, %da, %db; mov.b64 %D, %dd;",
                        (a, b, c) -> bits(number(d(a), d(b), Math.min(d(a), d(b))))),
                wide("add.f64 %dd, %da, 0d3FF8000000000000; mov.b64 %D, %dd;", (a, b, c) -> bits(d(a) + 1.5)),
                wide("cvt.rpi.f64.f64 %dd, %da; mov.b64 %D, %dd;", (a, b, c) -> bits(Math.ceil(d(a)))),
                wide("cvt.rzi.s64.f64 %D, %da;", (a, b, c) -> Double.isNaN(d(a)) ? Long.MIN_VALUE : (long) d(a)),
                narrow("cvt.rzi.s32.f64 %d, %da;", (a, b, c) -> Double.isNaN(d(a)) ? Integer.MIN_VALUE : (int) d(a)),
                wide("cvt.rn.f64.s64 %dd, %A; mov.b64 %D, %dd;", (a, b, c) -> bits((double) a)),
                narrow("cvt.rn.f32.f64 %fd, %da; mov.b32 %d, %fd;", (a, b, c) -> bits((float) d(a))),
                wide(
                        "setp.gt.f64 %p, %da, %db; selp.f64 %dd, %da, %dc, %p; mov.b64 %D, %dd;",
                        (a, b, c) -> bits(d(a) > d(b) ? d(a) : d(c))));
    }

    @ParameterizedTest
    @MethodSource({"integers32", "bitsAndFlags32", "integers64"})
    void integersAreExact(PtxSnippet opcode) {
        opcode.check(someIntegers(1), someIntegers(2), someIntegers(3), false);
    }

    @ParameterizedTest
    @MethodSource("floats")
    void floatsAreRoundedAsJavaRoundsThem(PtxSnippet opcode) {
        boolean isOfIntegers = opcode.ptx().matches(".*%[aA];.*");
        opcode.check(isOfIntegers ? someIntegers(1) : someFloats(4), someFloats(5), someFloats(6), true);
    }

    @ParameterizedTest
    @MethodSource("doubles")
    void doublesAreRoundedAsJavaRoundsThem(PtxSnippet opcode) {
        boolean isOfIntegers = opcode.ptx().matches(".*%A;.*");
        opcode.check(isOfIntegers ? someIntegers(1) : someDoubles(4), someDoubles(5), someDoubles(6), true);
    }

    @Test
    void directedRoundingBracketsTheExactResult() {
        long[] a = someFloats(7);
        long[] b = someFloats(8);
        long[] nearest = run("add.rn.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", false, a, b, b);
        long[] down = run("add.rm.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", false, a, b, b);
        long[] up = run("add.rp.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", false, a, b, b);
        long[] toZero = run("add.rz.f32 %fd, %fa, %fb; mov.b32 %d, %fd;", false, a, b, b);
        for (int i = 0; i < INPUTS; i++) {
            double exact = (double) f(a[i]) + f(b[i]);
            if (Double.isNaN(exact) || Double.isInfinite(exact)) {
                continue;
            }
            float rounded = (float) exact;
            float below = rounded <= exact ? rounded : Math.nextDown(rounded);
            float above = rounded >= exact ? rounded : Math.nextUp(rounded);
            // A sum of floats has an exact double unless their exponents are more than 29 apart.
            if (Math.abs(Math.getExponent(f(a[i])) - Math.getExponent(f(b[i]))) > 25) {
                continue;
            }
            assertThat(f(nearest[i])).isEqualTo(rounded);
            assertThat(f(down[i]) + 0f).isEqualTo(below + 0f);
            assertThat(f(up[i]) + 0f).isEqualTo(above + 0f);
            assertThat(f(toZero[i]) + 0f).isEqualTo((exact < 0 ? above : below) + 0f);
        }
    }

    @Test
    void halvesConvertThereAndBack() {
        long[] halves = LongStream.range(0, 65536)
                .filter(h -> (h & 0x7C00) != 0x7C00 || (h & 0x3FF) == 0)
                .toArray();
        long[] back = run(
                "cvt.u16.u32 %h, %a; cvt.f32.f16 %fd, %h; cvt.rn.f16.f32 %k, %fd; cvt.u32.u16 %d, %k;",
                false, halves, halves, halves);
        assertThat(back).containsExactly(halves);
        long[] upper = run(
                "cvt.rn.bf16.f32 %h, %fa; cvt.u32.u16 %d, %h;",
                false, LongStream.of(halves).map(h -> h << 16).toArray(), halves, halves);
        for (int i = 0; i < halves.length; i++) {
            boolean isNan = Float.isNaN(f(halves[i] << 16));
            assertThat(upper[i]).isEqualTo(isNan ? 0x7FFF : halves[i]);
        }
    }

    @Test
    void jumpsGoWhereTheirTableSays() {
        String table = """
            and.b32 %t, %a, 3;
            mov.u32 %d, 0;
            T: .branchtargets L0, L1, L2, L1;
            brx.idx %t, T;
            L0: add.u32 %d, %d, 100;
            bra.uni END;
            L1: add.u32 %d, %d, 10;
            L2: add.u32 %d, %d, 1;
            END:
            """;
        new PtxSnippet(table, false, (a, b, c) -> (a & 3) == 0 ? 100 : (a & 3) == 2 ? 1 : 11)
                .check(someIntegers(1), someIntegers(2), someIntegers(3), false);
    }

    private static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
    }

    private static float saturated(float value) {
        return value > 0 ? Math.min(value, 1) : 0;
    }

    private static float number(float a, float b, float extreme) {
        return Float.isNaN(a) ? b : Float.isNaN(b) ? a : extreme;
    }

    private static double number(double a, double b, double extreme) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : extreme;
    }

    /** Bytes 0, 4, 2 and 6 of a and b together, the first at the bottom. */
    private static long permuted(int a, int b) {
        return a & 0xFF | (b & 0xFF) << 8 | (a >> 16 & 0xFF) << 16 | (b >> 16 & 0xFF) << 24;
    }
}
