package dev.tessera.cpu.blas;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** A heap array that matrices are copied to and from. Places in the buffer and in the array count elements. */
sealed interface Stage {
    /** Copies a run of the buffer to the array. */
    void load(int from, int to, int count);

    /** Copies a run of the buffer to every {@code step}-th place of the array. */
    void spread(int from, int to, int count, int step);

    /** Copies a run of the array to the buffer. */
    void store(int from, int to, int count);

    /** The stage of float32. */
    final class Floats implements Stage {
        private final FloatBuffer elements;
        private final float[] array;

        /** Copies between {@code elements} and {@code array}, which stays the caller's. */
        Floats(FloatBuffer elements, float[] array) {
            this.elements = elements;
            this.array = array;
        }

        float[] array() {
            return array;
        }

        @Override
        public void load(int from, int to, int count) {
            elements.get(from, array, to, count);
        }

        @Override
        public void spread(int from, int to, int count, int step) {
            for (int i = 0; i < count; i++) {
                array[to + i * step] = elements.get(from + i);
            }
        }

        @Override
        public void store(int from, int to, int count) {
            elements.put(to, array, from, count);
        }
    }

    /** The stage of float64. */
    final class Doubles implements Stage {
        private final DoubleBuffer elements;
        private final double[] array;

        /** Copies between {@code elements} and {@code array}, which stays the caller's. */
        Doubles(DoubleBuffer elements, double[] array) {
            this.elements = elements;
            this.array = array;
        }

        double[] array() {
            return array;
        }

        @Override
        public void load(int from, int to, int count) {
            elements.get(from, array, to, count);
        }

        @Override
        public void spread(int from, int to, int count, int step) {
            for (int i = 0; i < count; i++) {
                array[to + i * step] = elements.get(from + i);
            }
        }

        @Override
        public void store(int from, int to, int count) {
            elements.put(to, array, from, count);
        }
    }
}
