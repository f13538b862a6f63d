package dev.tessera.cuda.driver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jcuda.NativePointerObject;

/**
 * JCuda's handles as numbers and back. JCuda keeps the address of each in a private field and gives no way to it from
 * outside its own packages.
 */
final class NativeHandles {
    private static final VarHandle ADDRESS = address();

    private NativeHandles() {}

    static long of(NativePointerObject object) {
        return (long) ADDRESS.get(object);
    }

    /** Makes {@code object} stand for {@code address}, and returns it. */
    static <T extends NativePointerObject> T at(T object, long address) {
        ADDRESS.set(object, address);
        return object;
    }

    private static VarHandle address() {
        try {
            return MethodHandles.privateLookupIn(NativePointerObject.class, MethodHandles.lookup())
                    .findVarHandle(NativePointerObject.class, "nativePointer", long.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("JCuda's NativePointerObject has no field 'nativePointer' that can be reached", e);
        }
    }
}
