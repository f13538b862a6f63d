// Streams and events.
#include "driver/simulation.h"

using namespace sim;

namespace {
constexpr unsigned NON_BLOCKING = 1;      // CU_STREAM_NON_BLOCKING
constexpr unsigned DISABLE_TIMING = 2;    // CU_EVENT_DISABLE_TIMING
constexpr double NANOSECONDS_PER_MILLISECOND = 1e6;

int createStream(const char* function, Stream** stream, unsigned flags) {
    return call(function, Need::Context, [&](Device& device) -> int {
        if (flags > NON_BLOCKING) return INVALID_VALUE;
        *stream = device.createStream((flags & NON_BLOCKING) == 0);
        return SUCCESS;
    });
}

/// Events may be of another device than the current one.
Device* ownerOf(Event* event) {
    for (const auto& device : simulation().devices) {
        if (device->isEvent(event)) return device.get();
    }
    return nullptr;
}

int record(const char* function, Event* event, Stream* stream) {
    return call(function, Need::Context, [&](Device& device) -> int {
        if (!device.isEvent(event) || !device.isStream(stream)) return INVALID_HANDLE;
        event->record = device.enqueue(stream, "event", [] { return 0.0; });
        return SUCCESS;
    });
}

}  // namespace

extern "C" {

int cuStreamCreate(Stream** stream, unsigned flags) { return createStream("cuStreamCreate", stream, flags); }
int cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) { return createStream("cuStreamCreateWithPriority", stream, flags); }

int cuStreamDestroy_v2(Stream* stream) {
    return call("cuStreamDestroy", Need::Context, [&](Device& device) -> int {
        if (stream == nullptr || !device.isStream(stream)) {
            logFault("cuStreamDestroy of what is no live stream");
            return INVALID_HANDLE;
        }
        device.destroyStream(stream);
        return SUCCESS;
    });
}

int cuStreamSynchronize(Stream* stream) {
    return call("cuStreamSynchronize", Need::Context, [&](Device& device) -> int {
        if (!device.isStream(stream)) return INVALID_HANDLE;
        simulation().counters["syncs"]++;
        auto last = device.resolve(stream)->last;
        if (last != nullptr) device.demand(last);
        return SUCCESS;
    });
}

/// Asking makes the stream advance by one operation, so that whoever polls gets on.
int cuStreamQuery(Stream* stream) {
    return call("cuStreamQuery", Need::Context, [&](Device& device) -> int {
        if (!device.isStream(stream)) return INVALID_HANDLE;
        if (device.isIdle(stream)) return SUCCESS;
        device.advance(stream);
        return NOT_READY;
    });
}

int cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
    return call("cuStreamWaitEvent", Need::Context, [&](Device& device) -> int {
        if (!device.isStream(stream) || ownerOf(event) == nullptr) return INVALID_HANDLE;
        if (event->record != nullptr) device.waitFor(stream, event->record);
        return SUCCESS;
    });
}

int cuStreamGetFlags(Stream* stream, unsigned* flags) {
    return call("cuStreamGetFlags", Need::Context, [&](Device& device) -> int {
        if (!device.isStream(stream)) return INVALID_HANDLE;
        *flags = device.resolve(stream)->isBlocking ? 0 : NON_BLOCKING;
        return SUCCESS;
    });
}

int cuEventCreate(Event** event, unsigned flags) {
    return call("cuEventCreate", Need::Context, [&](Device& device) -> int {
        *event = device.createEvent((flags & DISABLE_TIMING) == 0);
        return SUCCESS;
    });
}

int cuEventDestroy_v2(Event* event) {
    return call("cuEventDestroy", Need::Context, [&](Device& device) -> int {
        if (!device.isEvent(event)) {
            logFault("cuEventDestroy of what is no live event");
            return INVALID_HANDLE;
        }
        device.destroyEvent(event);
        return SUCCESS;
    });
}

int cuEventRecord(Event* event, Stream* stream) { return record("cuEventRecord", event, stream); }
int cuEventRecordWithFlags(Event* event, Stream* stream, unsigned) { return record("cuEventRecord", event, stream); }

int cuEventSynchronize(Event* event) {
    return call("cuEventSynchronize", Need::Context, [&](Device& device) -> int {
        if (!device.isEvent(event)) return INVALID_HANDLE;
        simulation().counters["syncs"]++;
        if (event->record != nullptr) device.demand(event->record);
        return SUCCESS;
    });
}

int cuEventQuery(Event* event) {
    return call("cuEventQuery", Need::Context, [&](Device& device) -> int {
        if (!device.isEvent(event)) return INVALID_HANDLE;
        if (event->record == nullptr || event->record->isDone) return SUCCESS;
        device.advance(event->record->stream);
        return NOT_READY;
    });
}

int cuEventElapsedTime(float* milliseconds, Event* start, Event* end) {
    return call("cuEventElapsedTime", Need::Context, [&](Device& device) -> int {
        if (!device.isEvent(start) || !device.isEvent(end) || !start->hasTiming || !end->hasTiming) return INVALID_HANDLE;
        if (start->record == nullptr || end->record == nullptr) return INVALID_HANDLE;
        if (!start->record->isDone || !end->record->isDone) return NOT_READY;
        *milliseconds = static_cast<float>((end->record->end - start->record->end) / NANOSECONDS_PER_MILLISECOND);
        return SUCCESS;
    });
}

}  // extern "C"
