package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaApi;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

/** A driver that makes one of its calls in another way. */
record CallChange(String call) {
    static CallChange of(String call) {
        return new CallChange(call);
    }

    /** The call does nothing. */
    UnaryOperator<CudaApi> leftOut() {
        return api -> proxy(api, arguments -> false);
    }

    /** One argument of the call is another one. */
    UnaryOperator<CudaApi> with(int argument, Object value) {
        return withEach(argument, given -> value);
    }

    /** One argument of the call is made of what it would be. */
    UnaryOperator<CudaApi> withEach(int argument, UnaryOperator<Object> value) {
        return api -> proxy(api, arguments -> {
            arguments[argument] = value.apply(arguments[argument]);
            return true;
        });
    }

    /** Changes the arguments of a call, and says whether it is made at all. */
    private interface Change {
        boolean isMadeWith(Object[] arguments);
    }

    private CudaApi proxy(CudaApi api, Change change) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals(call) && !change.isMadeWith(arguments)) {
                return null;
            }
            try {
                return method.invoke(api, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (CudaApi)
                Proxy.newProxyInstance(CudaApi.class.getClassLoader(), new Class<?>[] {CudaApi.class}, handler);
    }
}
