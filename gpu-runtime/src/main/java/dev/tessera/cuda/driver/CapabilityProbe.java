package dev.tessera.cuda.driver;

import dev.tessera.cuda.driver.Capability.Device;
import dev.tessera.cuda.driver.Capability.Part;
import dev.tessera.cuda.driver.Capability.PartName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import jcuda.driver.CUresult;

/** Finds out what a machine has. Loads cuBLAS and NVRTC only where there is a device to use them on. */
final class CapabilityProbe {
    /** Functions are called that older drivers do not have, which would end the process; NVRTC 12's code needs it too. */
    private static final int OLDEST_DRIVER = 12000;

    private final CudaLibraries libraries;
    private final Supplier<CudaApi> api;

    /** @param api asked for only where JCuda is loaded, whose classes it needs */
    CapabilityProbe(CudaLibraries libraries, Supplier<CudaApi> api) {
        this.libraries = libraries;
        this.api = api;
    }

    Capability probe() {
        List<Device> devices = new ArrayList<>();
        Part driver = driver();
        Part found =
                driver.available() ? devices(devices) : missing(PartName.DEVICES, "", "there is no driver", driver);
        Part cublas;
        Part nvrtc;
        if (found.available()) {
            cublas = library(
                    PartName.CUBLAS, NativeLibrary.CUBLAS, () -> api.get().blasVersion());
            nvrtc = library(PartName.NVRTC, NativeLibrary.NVRTC, () -> api.get().compilerVersion());
        } else {
            cublas = unused(PartName.CUBLAS, NativeLibrary.CUBLAS, found);
            nvrtc = unused(PartName.NVRTC, NativeLibrary.NVRTC, found);
        }
        return new Capability(List.of(driver, found, cublas, nvrtc), devices);
    }

    private Part driver() {
        LibraryStatus status = libraries.load(NativeLibrary.DRIVER);
        if (!status.isLoaded()) {
            return new Part(PartName.DRIVER, false, "", status.file(), status.reason(), status.remedy());
        }
        try {
            int version = api.get().driverVersion();
            if (version < OLDEST_DRIVER) {
                return new Part(
                        PartName.DRIVER,
                        false,
                        "CUDA " + dotted(version),
                        status.file(),
                        "the driver runs CUDA %s, and %s is needed".formatted(dotted(version), dotted(OLDEST_DRIVER)),
                        "install NVIDIA's driver R525 or later");
            }
            start();
            return new Part(PartName.DRIVER, true, "CUDA " + dotted(version), status.file(), "", "");
        } catch (CudaException e) {
            return new Part(
                    PartName.DRIVER,
                    false,
                    "",
                    status.file(),
                    e.codeName() + " (" + e.code() + ")",
                    remedyOf(e.code()));
        }
    }

    /** A driver without a device is a driver: that is said of the devices. */
    private void start() {
        try {
            api.get().init();
        } catch (CudaException e) {
            if (e.code() != CUresult.CUDA_ERROR_NO_DEVICE) {
                throw e;
            }
        }
    }

    private Part devices(List<Device> devices) {
        try {
            api.get().init();
            int count = api.get().deviceCount();
            for (int ordinal = 0; ordinal < count; ordinal++) {
                devices.add(device(ordinal));
            }
            return count > 0
                    ? new Part(PartName.DEVICES, true, count + (count == 1 ? " device" : " devices"), "", "", "")
                    : noDevices("the driver sees none", CUresult.CUDA_ERROR_NO_DEVICE);
        } catch (CudaException e) {
            devices.clear();
            boolean none = e.code() == CUresult.CUDA_ERROR_NO_DEVICE;
            return noDevices(none ? "the driver sees none" : String.valueOf(e.getMessage()), e.code());
        }
    }

    private static Part noDevices(String reason, int code) {
        return new Part(PartName.DEVICES, false, "", "", reason, remedyOf(code));
    }

    private Device device(int ordinal) {
        int device = api.get().device(ordinal);
        int major = api.get().deviceAttribute(device, DeviceAttribute.COMPUTE_CAPABILITY_MAJOR);
        int minor = api.get().deviceAttribute(device, DeviceAttribute.COMPUTE_CAPABILITY_MINOR);
        return new Device(
                ordinal,
                api.get().deviceName(device),
                api.get().deviceUuid(device),
                major * 10 + minor,
                api.get().deviceMemoryInBytes(device));
    }

    private Part library(PartName name, NativeLibrary library, IntSupplier version) {
        LibraryStatus status = libraries.load(library);
        if (!status.isLoaded()) {
            return new Part(name, false, "", status.file(), status.reason(), status.remedy());
        }
        try {
            return new Part(name, true, versionText(library, version.getAsInt()), status.file(), "", "");
        } catch (CudaException e) {
            // It is loaded, and says at the first use what is wrong with it.
            return new Part(name, true, "", status.file(), "", "");
        }
    }

    private static String versionText(NativeLibrary library, int version) {
        return library == NativeLibrary.CUBLAS
                ? "cuBLAS %d.%d.%d".formatted(version / 10000, version / 100 % 100, version % 100)
                : "NVRTC " + dotted(version);
    }

    private Part unused(PartName name, NativeLibrary library, Part cause) {
        return missing(name, libraries.whereIs(library), "not loaded, for there is no device to use it on", cause);
    }

    private static Part missing(PartName name, String file, String reason, Part cause) {
        return new Part(name, false, "", file, reason, cause.remedy());
    }

    private static String dotted(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private static String remedyOf(int code) {
        return switch (code) {
            case CUresult.CUDA_ERROR_NO_DEVICE ->
                "see whether nvidia-smi lists a GPU here, CUDA_VISIBLE_DEVICES does not hide it, and a container is"
                        + " given it";
            case CUresult.CUDA_ERROR_STUB_LIBRARY ->
                "that libcuda.so.1 is the toolkit's stub for linking: take its folder out of LD_LIBRARY_PATH";
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
                "libcuda.so.1 and the kernel's driver are of different versions: reload the driver or restart the"
                        + " machine";
            case CUresult.CUDA_ERROR_SYSTEM_NOT_READY -> "start nvidia-fabricmanager, or wait until it has started";
            default -> "see what nvidia-smi and the kernel's log (dmesg) say of the driver";
        };
    }
}
