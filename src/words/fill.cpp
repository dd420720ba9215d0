// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/fill.h"

#include "base/path.h"
#include "base/text.h"

#include <QCoreApplication>

#include <charconv>

namespace lk::words {

QString shown(const std::string &bytes, As as)
{
    std::uint64_t number = 0;
    const char *end = bytes.data() + bytes.size();
    if (as == As::Bytes && std::from_chars(bytes.data(), end, number).ptr == end && !bytes.empty())
        return QString::fromStdString(text::bytes(number));
    return QString::fromStdString(path::display(std::string_view(bytes)));
}

QString fill(const char *context, const char *text, const QStringList &arguments, const QString &file)
{
    static const QString FilePlace = QStringLiteral("{file}");
    const QString sentence = QCoreApplication::translate(context, text);
    QString out;
    for (qsizetype i = 0; i < sentence.size(); ++i) {
        const QChar next = i + 1 < sentence.size() ? sentence[i + 1] : QChar();
        if (sentence[i] == u'%' && next >= u'1' && next <= u'9') {
            out += arguments.value(next.unicode() - u'1', QStringLiteral("?"));
            ++i;
        } else if (sentence[i] == u'{' && QStringView(sentence).sliced(i).startsWith(FilePlace)) {
            out += file;
            i += FilePlace.size() - 1;
        } else {
            out += sentence[i];
        }
    }
    return out;
}

QString counted(std::uint64_t number, const char *context, const char *one, const char *many)
{
    return fill(context, number == 1 ? one : many, {QString::fromStdString(text::count(number))});
}

}
