package dev.tessera.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeviceGateTest {
    @Test
    void permitsAreGivenBackOnceHoweverOftenTheyAreClosed() throws InterruptedException {
        DeviceGate gate = new DeviceGate(100);
        DeviceGate.Permit permit = gate.acquire(60);
        assertThat(gate.available()).isEqualTo(40);
        assertThat(gate.tryAcquire(41)).isNull();
        permit.close();
        permit.close();
        assertThat(gate.available()).isEqualTo(100);
    }

    @Test
    void moreThanThereWillEverBeIsOutOfMemory() {
        DeviceGate gate = new DeviceGate(100);
        assertThatThrownBy(() -> gate.acquire(101))
                .isInstanceOfSatisfying(
                        DeviceFailureException.class,
                        e -> assertThat(e.kind()).isEqualTo(DeviceFailureException.Kind.OUT_OF_MEMORY))
                .hasMessage("101 bytes are more than the 100 that may be used of the device");
    }

    @Test
    void whoWaitsForMuchIsNotOvertakenByThoseWhoWantLittle() throws InterruptedException {
        DeviceGate gate = new DeviceGate(100);
        DeviceGate.Permit first = gate.acquire(60);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch mayRelease = new CountDownLatch(1);
        Thread large = new Thread(() -> {
            try {
                DeviceGate.Permit permit = gate.acquire(90);
                order.add("large");
                mayRelease.await();
                permit.close();
            } catch (InterruptedException e) {
                order.add("interrupted");
            }
        });
        large.start();
        while (large.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(gate.tryAcquire(10)).as("there is room, but somebody waits").isNull();
        first.close();
        mayRelease.countDown();
        large.join();
        assertThat(order).containsExactly("large");
        assertThat(gate.available()).isEqualTo(100);
    }

    @Test
    void whoeverIsInterruptedWhileWaitingHoldsNothingAndLetsTheNextThrough() throws InterruptedException {
        DeviceGate gate = new DeviceGate(100);
        DeviceGate.Permit held = gate.acquire(50);
        Thread waiting = new Thread(() -> {
            try (DeviceGate.Permit permit = gate.acquire(80)) {
                assertThat(permit).isNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        waiting.interrupt();
        waiting.join();
        assertThat(gate.tryAcquire(50)).isNotNull();
        held.close();
        assertThat(gate.available()).isEqualTo(50);
    }

    @Test
    void tasksNeverHoldMoreThanThereIsTogether() throws InterruptedException {
        DeviceGate gate = new DeviceGate(100);
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int bytes = 15 + 14 * i;
            threads.add(new Thread(() -> {
                for (int round = 0; round < 200; round++) {
                    try {
                        DeviceGate.Permit permit = gate.acquire(bytes);
                        most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                        held.addAndGet(-bytes);
                        permit.close();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(85L, 100L);
        assertThat(gate.available()).isEqualTo(100);
    }
}
