package org.understudy.spool;

import java.util.List;
import java.util.Optional;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.ForwardPath;

/**
 * What next hops offer, as far as is known: who holds mail for them must not accept what they have to refuse. Thread-safe.
 */
public interface NextHopCapabilities {
    /** Of a receiver that hands nothing on. */
    NextHopCapabilities NONE = new NextHopCapabilities() {
        @Override
        public Optional<Capabilities> of(ForwardPath recipient) {
            return Optional.empty();
        }

        @Override
        public List<Optional<Capabilities>> all() {
            return List.of();
        }
    };

    /** What the next hop for a recipient offers; empty while that is not known. */
    Optional<Capabilities> of(ForwardPath recipient);

    /** What each next hop offers, empty for one that is not known. */
    List<Optional<Capabilities>> all();
}
