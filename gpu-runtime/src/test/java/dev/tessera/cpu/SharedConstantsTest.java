package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.NativeMemory;
import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SharedConstantsTest {
    private final NativeMemory memory = NativeMemory.onHeap();
    private final List<String> made = new ArrayList<>();

    private Function<TaskMemory, List<Elements>> bytes(String name, int size) {
        return block -> {
            synchronized (made) {
                made.add(name);
            }
            ByteBuffer bytes = block.allocate(size).bytes();
            return List.of(Elements.of(DType.BOOL, bytes, 0));
        };
    }

    private SharedConstants.Lease lease(SharedConstants constants, String name, int size) {
        return constants.lease(name, bytes(name, size));
    }

    @Test
    void valuesAreMadeOnceAndStayUntilTheirBytesAreNeeded() {
        SharedConstants constants = new SharedConstants(memory, 100);
        SharedConstants.Lease a = lease(constants, "a", 60);
        SharedConstants.Lease again = lease(constants, "a", 60);
        assertThat(again.values().get(0)).isSameAs(a.values().get(0));
        a.close();
        again.close();
        lease(constants, "b", 40).close();
        lease(constants, "a", 60).close();
        assertThat(constants.heldBytes()).isEqualTo(100);
        lease(constants, "c", 10).close();
        assertThat(constants.heldBytes()).isEqualTo(70);
        lease(constants, "a", 60).close();
        lease(constants, "c", 10).close();
        lease(constants, "b", 40).close();
        // b, unused for longest, left for c; then a left for b, being older than c.
        assertThat(made).containsExactly("a", "b", "c", "b");
        assertThat(constants.heldBytes()).isEqualTo(50);
    }

    @Test
    void whatIsLeasedSurvivesWhateverItTakesAndLeavesWithItsLastLease() {
        SharedConstants constants = new SharedConstants(memory, 0);
        SharedConstants.Lease first = lease(constants, "a", 60);
        SharedConstants.Lease second = lease(constants, "a", 60);
        lease(constants, "b", 1000).close();
        first.close();
        first.close();
        assertThat(constants.heldBytes()).isEqualTo(60);
        second.close();
        assertThat(constants.heldBytes()).isZero();
        assertThat(made).containsExactly("a", "b");
    }

    @Test
    void aFailureLeavesNothingAndTheNextMayTryAgain() {
        SharedConstants constants = new SharedConstants(memory, 100);
        Function<TaskMemory, List<Elements>> failing = block -> {
            block.allocate(10);
            throw new IllegalStateException("no such value");
        };
        assertThatThrownBy(() -> constants.lease("a", failing)).hasMessage("no such value");
        assertThat(constants.heldBytes()).isZero();
        lease(constants, "a", 20).close();
        assertThat(constants.heldBytes()).isEqualTo(20);
    }

    @Test
    void closingFreesWhatIsNotLeasedAndTheRestWithItsLease() {
        SharedConstants constants = new SharedConstants(memory, 100);
        lease(constants, "a", 20).close();
        SharedConstants.Lease b = lease(constants, "b", 30);
        constants.close();
        assertThat(constants.heldBytes()).isEqualTo(30);
        b.close();
        assertThat(constants.heldBytes()).isZero();
        lease(constants, "c", 5).close();
        assertThat(constants.heldBytes()).isZero();
    }

    @Test
    void threadsThatAskAtOnceShareOneComputation() throws Exception {
        SharedConstants constants = new SharedConstants(memory, 100);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Elements>> found = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                found.add(threads.submit(() -> {
                    start.await();
                    try (SharedConstants.Lease lease = lease(constants, "a", 60)) {
                        return lease.values().get(0);
                    }
                }));
            }
            start.countDown();
            for (Future<Elements> future : found) {
                assertThat(future.get()).isSameAs(found.get(0).get());
            }
        } finally {
            threads.shutdown();
        }
        assertThat(made).containsExactly("a");
        assertThat(constants.heldBytes()).isEqualTo(60);
    }
}
