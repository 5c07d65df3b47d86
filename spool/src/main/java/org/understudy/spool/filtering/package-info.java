/**
 * What is asked about a message before it is taken. {@link org.understudy.spool.filtering.FilteredIntake} stands before the real
 * intake, keeps content until rspamd and the block lists have spoken, and then puts it off, marks it or lets it through.
 *
 * <p>A filter can only make mail wait while the primary is up to take it. Whatever is wrong with a filter, mail is taken without
 * its opinion.
 */
@NullMarked
package org.understudy.spool.filtering;

import org.jspecify.annotations.NullMarked;
