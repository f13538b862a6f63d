package dev.tessera;

import com.esotericsoftware.kryo.Kryo;
import dev.tessera.catalyst.ShippedTypes;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers what Tessera has Spark write with Kryo, for jobs with {@code spark.kryo.registrationRequired}. Named in
 * {@code spark.kryo.registrator}.
 */
public final class TesseraKryoRegistrator implements KryoRegistrator {
    @Override
    public void registerClasses(Kryo kryo) {
        ShippedTypes.all().forEach(kryo::register);
    }
}
