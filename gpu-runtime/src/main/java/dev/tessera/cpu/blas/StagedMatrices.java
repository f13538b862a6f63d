package dev.tessera.cpu.blas;

import java.util.Arrays;

/**
 * Equally shaped matrices of one operand on their way to or from a {@link Stage}, where they stand one after the other,
 * row-major and dense. Confined to one thread.
 */
final class StagedMatrices {
    private final MatrixView view;
    private final Stage stage;
    private final long[] shifts;
    /** Whether a matrix looks the same here and there, so that neighbours move in one copy. */
    private final boolean isSame;

    StagedMatrices(MatrixView view, Stage stage, int capacity) {
        this.view = view;
        this.stage = stage;
        this.shifts = new long[capacity];
        this.isSame = !view.isTransposed() && view.isDense();
    }

    Stage stage() {
        return stage;
    }

    /** Notes where the {@code index}-th matrix of the next load or store starts. */
    void place(int index, long shift) {
        shifts[index] = shift;
    }

    void load(int count) {
        if (areNeighbours(count)) {
            stage.load(at(0), 0, count * size());
            return;
        }
        for (int i = 0; i < count; i++) {
            loadOne(at(i), i * size());
        }
    }

    void store(int count) {
        if (areNeighbours(count)) {
            stage.store(0, at(0), count * size());
            return;
        }
        for (int i = 0; i < count; i++) {
            storeOne(i * size(), at(i));
        }
    }

    private void loadOne(int from, int to) {
        int lead = view.leadingDimension();
        if (isSame) {
            stage.load(from, to, size());
        } else if (view.isTransposed()) {
            for (int column = 0; column < view.columns(); column++) {
                stage.spread(from + column * lead, to + column, view.rows(), view.columns());
            }
        } else {
            for (int row = 0; row < view.rows(); row++) {
                stage.load(from + row * lead, to + row * view.columns(), view.columns());
            }
        }
    }

    private void storeOne(int from, int to) {
        if (isSame) {
            stage.store(from, to, size());
            return;
        }
        for (int row = 0; row < view.rows(); row++) {
            stage.store(from + row * view.columns(), to + row * view.leadingDimension(), view.columns());
        }
    }

    private int at(int index) {
        return Math.toIntExact(view.offset() + shifts[index]);
    }

    private int size() {
        return view.rows() * view.columns();
    }

    private boolean areNeighbours(int count) {
        for (int i = 1; isSame && i < count; i++) {
            if (shifts[i] - shifts[i - 1] != size()) {
                return false;
            }
        }
        return isSame;
    }

    @Override
    public String toString() {
        return "%s at %s".formatted(view, Arrays.toString(shifts));
    }
}
