/** Commands, and how errors are said to the person at the terminal: one sentence each, never a stack trace. */
@NullMarked
package org.understudy.agent.cli;

import org.jspecify.annotations.NullMarked;
