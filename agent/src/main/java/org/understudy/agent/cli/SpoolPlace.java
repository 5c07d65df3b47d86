package org.understudy.agent.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which spool a command is about.
 *
 * @param reserveBytes free space below which it takes no mail
 * @param certificate that the configuration names for STARTTLS
 */
record SpoolPlace(Path directory, long reserveBytes, Optional<Path> certificate) {}
