package dev.tessera.architecture;

/** Words that say nothing in a type's name. */
public final class TypeNames {
    /** Matches full names whose simple name begins or ends with such a word. */
    public static final String EMPTY_WORDS =
            ".*[.$]((Abstract|Base|Lib)[A-Z]\\w*|\\w*(Manager|Helper|Utils?|Impl|Info|Data|Handler|Processor))";

    private TypeNames() {}
}
