package dev.tessera.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.concurrent.ConcurrentMap;

/** Types that a final static field must not have, for they make it a mutable one. */
public final class StaticState {
    public static final DescribedPredicate<JavaClass> MUTABLE = JavaClass.Predicates.resideInAPackage(
                    "java.util.concurrent.atomic")
            .or(JavaClass.Predicates.assignableTo(ConcurrentMap.class))
            .or(JavaClass.Predicates.assignableTo(ThreadLocal.class))
            .as("a type made to be changed");

    private StaticState() {}
}
