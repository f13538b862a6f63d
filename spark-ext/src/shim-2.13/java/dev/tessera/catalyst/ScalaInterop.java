package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/** Lists of Java and of Scala 2.13, one into the other. */
public final class ScalaInterop {
    private ScalaInterop() {}

    /** An immutable Scala list of some elements. */
    @SuppressWarnings("unchecked")
    public static <T> Seq<T> seq(List<? extends T> elements) {
        scala.collection.immutable.List<T> list = (scala.collection.immutable.List<T>) Nil$.MODULE$;
        for (int i = elements.size() - 1; i >= 0; i--) {
            list = new $colon$colon<>(elements.get(i), list);
        }
        return list;
    }

    /** An immutable Scala map of some entries. */
    public static <K, V> Map<K, V> map(java.util.Map<K, V> entries) {
        List<Tuple2<K, V>> pairs = new ArrayList<>();
        entries.forEach((key, value) -> pairs.add(new Tuple2<>(key, value)));
        return Map$.MODULE$.from(seq(pairs));
    }

    /** A copy of a Scala sequence. */
    public static <T> List<T> list(scala.collection.Iterable<T> elements) {
        List<T> copy = new ArrayList<>(elements.size());
        Iterator<T> iterator = elements.iterator();
        while (iterator.hasNext()) {
            copy.add(iterator.next());
        }
        return copy;
    }
}
