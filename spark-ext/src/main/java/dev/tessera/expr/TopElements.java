package dev.tessera.expr;

/** The largest elements along an axis, in descending order, and their positions as int64. */
public record TopElements(Tensor values, Tensor indices) {}
