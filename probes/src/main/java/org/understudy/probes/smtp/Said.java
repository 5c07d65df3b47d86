package org.understudy.probes.smtp;

import java.util.List;
import java.util.Optional;

/**
 * What was said in a session once it was open. Immutable.
 *
 * @param asked in the order in which it was asked
 * @param size the longest message that is taken; empty if not known, or not asked for
 * @param brokenOff why not everything was asked; empty if it was
 * @param toll what that asked of the server's patience
 */
record Said(List<Asked> asked, Optional<SizeLimit> size, Optional<String> brokenOff, Toll toll) {
    static final Said NOTHING = new Said(List.of(), Optional.empty(), Optional.empty(), Toll.NONE);

    Said {
        asked = List.copyOf(asked);
    }
}
