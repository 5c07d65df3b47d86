package org.understudy.agent.cli;

import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** One of the commands behind {@code understudy spool}. */
interface SpoolTask {

    String name();

    /** One sentence. */
    String description();

    /** What the list in its JSON is called. */
    String list();

    /** Adds what it takes besides the options that all of them have. */
    void configure(Subparser parser);

    /**
     * Does it.
     *
     * @return exit code
     * @throws IllegalArgumentException if the arguments make no sense together, in one sentence
     */
    int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws Exception;
}
