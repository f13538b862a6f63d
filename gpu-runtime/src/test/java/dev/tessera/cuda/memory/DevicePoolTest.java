package dev.tessera.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.runtime.DeviceFailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class DevicePoolTest {
    private static final Runnable IGNORED = () -> {};
    private static final LongPredicate NOTHING = bytes -> false;

    @Test
    void aBlockThatIsGivenBackServesTheNextOfAboutItsSize() {
        CountingCuda cuda = new CountingCuda(1 << 20);
        DevicePool pool = new DevicePool(cuda.api(), 1 << 20, NOTHING, IGNORED);
        DevicePool.Block first = pool.allocate(10_000);
        long address = first.address();
        first.close();
        first.close();
        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.allocate(9_500).address()).isEqualTo(address);
        DevicePool.Block small = pool.allocate(100);
        small.close();
        assertThat(pool.allocate(5_000).address()).as("too wasteful").isNotEqualTo(small.address());
        assertThat(cuda.allocationCount()).isEqualTo(3);
        assertThat(first.sizeInBytes() % 512).isZero();
    }

    @Test
    void whatIsOnlyKeptMakesWayBeforeAnythingIsRefused() {
        CountingCuda cuda = new CountingCuda(100_000);
        DevicePool pool = new DevicePool(cuda.api(), 1 << 20, NOTHING, IGNORED);
        for (int size = 1; size <= 6; size++) {
            pool.allocate(size * 8_192L).close();
        }
        assertThat(pool.allocate(90_000).sizeInBytes()).isGreaterThanOrEqualTo(90_000);
        assertThat(pool.reservedBytes()).isEqualTo(cuda.allocatedBytes());
    }

    @Test
    void onlyADriverWithoutMemoryIsTold() {
        AtomicInteger recoveries = new AtomicInteger();
        DevicePool small =
                new DevicePool(new CountingCuda(100_000).api(), 1 << 20, NOTHING, recoveries::incrementAndGet);
        small.allocate(80_000).close();
        assertThat(recoveries).hasValue(0);
        small.allocate(30_000);
        assertThat(recoveries).as("80,000 bytes were given up").hasValue(1);
        assertThatThrownBy(() -> small.allocate(90_000)).isInstanceOf(DeviceFailureException.class);
        assertThat(recoveries).as("nothing could be given up").hasValue(1);
        DevicePool capped =
                new DevicePool(new CountingCuda(1 << 20).api(), 100_000, NOTHING, recoveries::incrementAndGet);
        capped.allocate(80_000).close();
        capped.allocate(30_000);
        assertThat(recoveries).as("the cap is no failure").hasValue(1);
    }

    @Test
    void neitherTheCapNorTheDeviceIsExceeded() {
        CountingCuda cuda = new CountingCuda(50_000);
        for (long cap : new long[] {20_000, 1 << 20}) {
            DevicePool pool = new DevicePool(cuda.api(), cap, NOTHING, IGNORED);
            assertThatThrownBy(() -> pool.allocate(60_000))
                    .isInstanceOfSatisfying(
                            DeviceFailureException.class,
                            e -> assertThat(e.kind()).isEqualTo(DeviceFailureException.Kind.OUT_OF_MEMORY))
                    .hasMessageContaining("60000 bytes");
            assertThat(pool.usedBytes()).isZero();
        }
    }

    @Test
    void constantsThatNobodyUsesMakeWayAndThoseInUseStay() {
        CountingCuda cuda = new CountingCuda(64 << 10);
        ResidentConstants constants = new ResidentConstants();
        DevicePool pool = new DevicePool(cuda.api(), 64 << 10, constants::evict, IGNORED);
        List<String> uploads = new ArrayList<>();
        ResidentConstants.Lease old = constants.lease("old", 16 << 10, pool::allocate, block -> uploads.add("old"));
        ResidentConstants.Lease used = constants.lease("used", 16 << 10, pool::allocate, block -> uploads.add("used"));
        old.close();
        old.close();
        DevicePool.Block large = pool.allocate(40 << 10);
        assertThat(large.sizeInBytes()).isEqualTo(40 << 10);
        ResidentConstants.Lease again =
                constants.lease("used", 16 << 10, pool::allocate, block -> uploads.add("again"));
        assertThat(again.address()).isEqualTo(used.address());
        assertThatThrownBy(() -> constants.lease("old", 16 << 10, pool::allocate, block -> uploads.add("late")))
                .isInstanceOf(DeviceFailureException.class);
        large.close();
        constants
                .lease("old", 16 << 10, pool::allocate, block -> uploads.add("old again"))
                .close();
        assertThat(uploads).containsExactly("old", "used", "old again");
    }

    @Test
    void anUploadThatFailsLeavesNothingBehind() {
        CountingCuda cuda = new CountingCuda(1 << 20);
        ResidentConstants constants = new ResidentConstants();
        DevicePool pool = new DevicePool(cuda.api(), 1 << 20, constants::evict, IGNORED);
        assertThatThrownBy(() -> constants.lease("c", 1000, pool::allocate, block -> {
                    throw new IllegalStateException("copy");
                }))
                .hasMessage("copy");
        assertThat(pool.usedBytes()).isZero();
        constants.close();
        pool.close();
        assertThat(cuda.allocatedBytes()).isZero();
    }

    @Test
    void aClosedPoolGivesBackAtOnceWhatComesLater() {
        CountingCuda cuda = new CountingCuda(1 << 20);
        DevicePool pool = new DevicePool(cuda.api(), 1 << 20, NOTHING, IGNORED);
        DevicePool.Block late = pool.allocate(1000);
        pool.allocate(5000).close();
        pool.close();
        assertThat(cuda.allocatedBytes()).isEqualTo(late.sizeInBytes());
        late.close();
        assertThat(cuda.allocatedBytes()).isZero();
    }
}
