// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <string>

namespace lk::words {

/// What an argument of a sentence is, and so how it is shown.
enum class As
{
    Text,  ///< untrusted: one line, control characters escaped
    Bytes, ///< a number of bytes as "1.2 MiB"
};

/// \a bytes for people, as \a as says. Bytes that are no number are shown as they are.
QString shown(const std::string &bytes, As as = As::Text);

/// The translation of \a text with {file} and %1 … %9 replaced in one pass, so that what is put in, which may come
/// from a file's name, is never taken for a placeholder itself. Placeholders without an argument become "?".
QString fill(const char *context, const char *text, const QStringList &arguments, const QString &file = {});

/// "1 database", "14 databases": \a one where \a number is 1, else \a many, with the number for %1.
QString counted(std::uint64_t number, const char *context, const char *one, const char *many);

}
