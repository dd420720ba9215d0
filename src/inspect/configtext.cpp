// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/configtext.h"

#include <algorithm>
#include <array>

namespace lk::inspect {

/// Of a file, in bytes: people who set up a database don't write more, and a hostile file costs no more.
static constexpr std::size_t MostText = 64 * 1024;
/// Settings that one file may have: a hostile one has many.
static constexpr std::size_t MostSettings = 256;

static bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'' || c == u'`';
}

/// The end of the literal whose quote is at \a at, behind its closing quote; that of the line where a literal of one
/// line is not closed.
static qsizetype endOfQuoted(QStringView text, qsizetype at)
{
    const QChar quote = text[at];
    const bool triple = quote != u'`' && at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote;
    for (qsizetype i = at + (triple ? 3 : 1); i < text.size(); ++i) {
        if (text[i] == u'\\')
            ++i;
        else if (triple && text.sliced(i).startsWith(text.sliced(at, 3)))
            return i + 3;
        else if (!triple && text[i] == quote)
            return i + 1;
        else if (!triple && quote != u'`' && text[i] == u'\n')
            return i;
    }
    return text.size();
}

/// How a comment at \a at ends, if one begins there: "\n" or "*/".
static const char *commentAt(QStringView text, qsizetype at, Comments comments)
{
    const bool hash = comments == Comments::Hash || comments == Comments::HashSlash;
    const bool slashes = comments == Comments::Slashes || comments == Comments::HashSlash;
    const QStringView rest = text.sliced(at);
    if (hash && rest.startsWith(u'#')) {
        const QChar before = at == 0 ? u'\n' : text[at - 1];
        return before.isSpace() || QStringView(u",()[]{}").contains(before) ? "\n" : nullptr;
    }
    if (slashes && rest.startsWith(QLatin1String("//")))
        return "\n";
    return slashes && rest.startsWith(QLatin1String("/*")) ? "*/" : nullptr;
}

QString withoutComments(const QString &text, Comments comments)
{
    QString bare = text;
    for (qsizetype i = 0; comments != Comments::None && i < text.size();) {
        if (const char *mark = commentAt(text, i, comments)) {
            const QLatin1String ending(mark);
            const qsizetype end = text.indexOf(ending, i);
            const qsizetype behind = end < 0 ? text.size() : ending == QLatin1String("\n") ? end : end + ending.size();
            for (; i < behind; ++i) {
                if (text[i] != u'\n')
                    bare[i] = u' ';
            }
        } else {
            i = isQuote(text[i]) ? endOfQuoted(text, i) : i + 1;
        }
    }
    return bare;
}

std::optional<Span> bracketed(QStringView text, qsizetype at)
{
    int depth = 0;
    for (qsizetype i = at; i < text.size();) {
        if (isQuote(text[i])) {
            i = endOfQuoted(text, i);
            continue;
        }
        if (QStringView(u"([{").contains(text[i]))
            ++depth;
        else if (QStringView(u")]}").contains(text[i]) && --depth <= 0)
            return Span{at, i + 1 - at};
        ++i;
    }
    return std::nullopt;
}

std::optional<Literal> literalAt(const QString &text, qsizetype at)
{
    while (at < text.size() && text[at].isSpace())
        ++at;
    bool formatted = false;
    for (int prefix = 0; prefix < 2 && at < text.size() && QStringView(u"rRbBuUfF").contains(text[at]); ++prefix, ++at)
        formatted = formatted || text[at].toLower() == u'f';
    if (at >= text.size() || !isQuote(text[at]))
        return std::nullopt;
    const qsizetype end = endOfQuoted(text, at);
    const qsizetype quotes = end - at >= 6 && text[at + 1] == text[at] && text[at + 2] == text[at] ? 3 : 1;
    if (end - at < 2 * quotes || text[end - 1] != text[at])
        return std::nullopt;
    Literal literal{.content = text.sliced(at + quotes, end - at - 2 * quotes),
                    .span = {at + quotes, end - at - 2 * quotes}};
    literal.plain = !(formatted && literal.content.contains(u'{')) && !literal.content.contains(QLatin1String("${"));
    return literal;
}

std::vector<Literal> literalsIn(const QString &text, Span within)
{
    std::vector<Literal> literals;
    for (qsizetype i = within.start; i < within.end() && literals.size() < MostSettings;) {
        if (!isQuote(text[i])) {
            ++i;
            continue;
        }
        const bool prefixed = i > within.start && text[i - 1].toLower() == u'f';
        if (std::optional<Literal> literal = literalAt(text, prefixed ? i - 1 : i); literal)
            literals.push_back(std::move(*literal));
        i = endOfQuoted(text, i);
    }
    return literals;
}

std::vector<Parameter> parametersIn(const QString &text, Span query, QChar separator)
{
    std::vector<Parameter> parameters;
    for (qsizetype start = query.start; start < query.end() && parameters.size() < MostSettings;) {
        qsizetype end = text.indexOf(separator, start);
        end = end < 0 ? query.end() : std::min(end, query.end());
        const QStringView whole = QStringView(text).sliced(start, end - start);
        if (const qsizetype equals = whole.indexOf(u'='); equals > 0) {
            parameters.push_back({.key = whole.first(equals).trimmed().toString(),
                                  .value = whole.sliced(equals + 1).trimmed().toString(),
                                  .whole = {start, end - start},
                                  .valueSpan = {start + equals + 1, end - start - equals - 1}});
        }
        start = end + 1;
    }
    return parameters;
}

/// \a span with its line's blanks and end, if nothing else stands on its lines.
static Span wholeLines(const QString &text, Span span)
{
    qsizetype start = span.start;
    while (start > 0 && text[start - 1] != u'\n' && text[start - 1].isSpace())
        --start;
    qsizetype end = span.end();
    while (end < text.size() && text[end] != u'\n' && text[end].isSpace())
        ++end;
    const bool alone = (start == 0 || text[start - 1] == u'\n') && end < text.size() && text[end] == u'\n';
    return alone ? Span{start, end + 1 - start} : span;
}

/// 'key' => value, "key": value, key: value, key = value, from \a start to \a end.
static std::optional<Entry> entryFrom(const QString &text, qsizetype start, qsizetype end)
{
    static const QRegularExpression key(
        QStringLiteral(R"re(^\s*(?:'([^'\n]*)'|"([^"\n]*)"|(\w+))\s*(?:=>|[:=])\s*)re"));
    const auto match = key.match(text.sliced(start, end - start));
    if (!match.hasMatch())
        return std::nullopt;
    const qsizetype value = start + match.capturedEnd();
    qsizetype valueEnd = end;
    while (valueEnd > value && text[valueEnd - 1].isSpace())
        --valueEnd;
    const qsizetype keyStart = start + match.capturedStart(match.lastCapturedIndex());
    const qsizetype first = match.capturedStart(3) >= 0 ? keyStart : keyStart - 1;
    const bool comma = end < text.size() && text[end] == u',';
    return Entry{.key = match.captured(1) + match.captured(2) + match.captured(3),
                 .value = {value, valueEnd - value},
                 .whole = wholeLines(text, {first, (comma ? end + 1 : valueEnd) - first})};
}

std::vector<Entry> entriesIn(const QString &text, Span brackets)
{
    std::vector<Entry> entries;
    const qsizetype last = brackets.end() - 1;
    qsizetype start = brackets.start + 1;
    const auto take = [&](qsizetype end) {
        if (auto entry = entryFrom(text, start, end); entry && entries.size() < MostSettings)
            entries.push_back(std::move(*entry));
        start = end + 1;
    };
    for (qsizetype i = start; i < last;) {
        if (isQuote(text[i])) {
            i = endOfQuoted(text, i);
        } else if (QStringView(u"([{").contains(text[i])) {
            const std::optional<Span> inner = bracketed(text, i);
            i = inner ? inner->end() : last;
        } else {
            if (text[i] == u',')
                take(i);
            ++i;
        }
    }
    if (start < last)
        take(last);
    return entries;
}

ConfigText::ConfigText(const ProjectFiles &files, Configuration &configuration, const std::string &name,
                       Comments comments)
    : m_configuration(configuration)
{
    const auto known = std::ranges::find(configuration.files, name, &ConfigurationFile::name);
    m_file = static_cast<std::size_t>(known - configuration.files.begin());
    const bool isNew = known == configuration.files.end();
    QString text = isNew ? files.text(name, MostText) : known->text;
    if (text.isEmpty())
        return;
    m_text = withoutComments(text, comments);
    if (isNew) {
        const bool whole = text.toUtf8().size() < qsizetype(MostText) && !text.contains(QChar::ReplacementCharacter);
        configuration.files.push_back({name, std::move(text), whole});
    }
}

int ConfigText::lineAt(qsizetype offset) const
{
    return static_cast<int>(QStringView(m_text).first(offset).count(u'\n')) + 1;
}

QString ConfigText::indentAt(qsizetype offset) const
{
    const qsizetype start = lineStart(offset);
    qsizetype end = start;
    while (end < m_text.size() && (m_text[end] == u' ' || m_text[end] == u'\t'))
        ++end;
    return m_text.sliced(start, end - start);
}

qsizetype ConfigText::lineStart(qsizetype offset) const
{
    return offset == 0 ? 0 : m_text.lastIndexOf(u'\n', offset - 1) + 1;
}

qsizetype ConfigText::startOf(int line) const
{
    qsizetype start = 0;
    for (int before = 1; before < line && start < m_text.size(); ++before)
        start = lineEnd(start) + 1;
    return std::min(start, m_text.size());
}

qsizetype ConfigText::lineEnd(qsizetype offset) const
{
    const qsizetype end = m_text.indexOf(u'\n', offset);
    return end < 0 ? m_text.size() : end;
}

void ConfigText::setValue(std::string_view setting, std::optional<std::string> value, Span span,
                          std::optional<Form> form, Effect effect)
{
    if (m_configuration.settings.size() >= MostSettings)
        return;
    m_configuration.settings.push_back({.name = std::string(setting),
                                        .value = value.value_or(std::string()),
                                        .effect = value ? effect : Effect::NotUnderstood,
                                        .file = m_file,
                                        .line = lineAt(span.start),
                                        .span = span,
                                        .form = form});
}

void ConfigText::set(std::string_view setting, Span span, Form form, Effect effect)
{
    const bool seconds = form.spelling == Spelling::Seconds;
    setValue(setting, seconds ? millisecondsOf(at(span)) : settingValue(setting, at(span)), span, form, effect);
}

void ConfigText::notUnderstood(qsizetype offset)
{
    setValue({}, std::nullopt, {offset, lineEnd(offset) - offset});
}

void ConfigText::pragmas(Span within, Effect effect)
{
    static const QRegularExpression pragma(
        QStringLiteral(R"(\bPRAGMA\s+(?:\w+\.)?(\w+)\s*[=(]\s*('[^'\n]*'|[^;"'`)\\\n]*))"),
        QRegularExpression::CaseInsensitiveOption);
    std::size_t count = 0;
    for (auto matches = pragma.globalMatch(m_text, within.start); matches.hasNext() && count < MostSettings; ++count) {
        const QRegularExpressionMatch match = matches.next();
        if (match.capturedEnd() > within.end())
            break;
        const std::string name = match.captured(1).toLower().toStdString();
        if (std::ranges::find(settingNames(), name) == settingNames().end())
            continue;
        const Span span{match.capturedStart(2), match.capturedLength(2)};
        // The file keeps it, whoever said it.
        const bool stays = effect == Effect::Once && name == "journal_mode" && settingValue(name, at(span)) == "WAL";
        set(name, span, {}, stays ? Effect::InForce : effect);
    }
}

void ConfigText::open(Opening opening)
{
    opening.file = m_file;
    m_configuration.openings.push_back(std::move(opening));
}

void ConfigText::cut(Span span, std::string_view setting)
{
    m_configuration.cuts.push_back({m_file, span, std::string(setting)});
}

void ConfigText::openLikeLine(Span span, std::initializer_list<std::string_view> others)
{
    const qsizetype start = lineStart(span.start);
    const QString before = m_text.sliced(start, span.start - start);
    const QString after = m_text.sliced(span.end(), lineEnd(span.end()) - span.end());
    if (!after.contains(QLatin1String("pragma"), Qt::CaseInsensitive))
        open({.at = lineEnd(span.end()),
              .parts = {pragmaPart(
                  others, {.text = (u'\n' + before + QLatin1String("{name} = {value}") + after).toStdString()})}});
}

std::optional<Span> spanOf(const QRegularExpression &expression, const ConfigText &text)
{
    const auto match = expression.match(text.text());
    if (!match.hasMatch())
        return std::nullopt;
    const int group = match.lastCapturedIndex() > 0 ? 1 : 0;
    return Span{match.capturedStart(group), match.capturedLength(group)};
}

Part pragmaPart(std::initializer_list<std::string_view> others, Form form)
{
    Part part{.names = {}, .form = form};
    for (const std::string_view name : settingNames()) {
        const bool isPragma = name != "transaction" && name != "cache" && name != "immutable";
        if (isPragma && std::ranges::find(others, name) == others.end())
            part.names.emplace_back(name);
    }
    return part;
}

void readParameters(ConfigText &text, Span query, std::span<const Key> keys,
                    const std::function<void(const Parameter &)> &unknown, QChar separator)
{
    for (const Parameter &parameter : parametersIn(text.text(), query, separator)) {
        const std::string name = parameter.key.toLower().toStdString();
        const auto key = std::ranges::find(keys, name, [](const Key &known) { return std::string_view(known.key); });
        if (key == keys.end()) {
            if (unknown)
                unknown(parameter);
            continue;
        }
        text.set(key->setting, parameter.valueSpan, key->form);
    }
}

std::optional<EnvironmentValue> environmentValue(const ProjectFiles &files, Configuration &configuration,
                                                 const QString &key)
{
    const QRegularExpression line(
        QLatin1String(R"(^(?:export\s+)?%1[ \t]*=[ \t]*["']?([^"'\n]*))").arg(QRegularExpression::escape(key)),
        QRegularExpression::MultilineOption);
    for (const char *name : {".env", ".envrc", ".env.local", ".env.production"}) {
        auto text = std::make_unique<ConfigText>(files, configuration, name, Comments::Hash);
        const auto match = line.match(text->text());
        if (match.hasMatch()) {
            const Span value{match.capturedStart(1), match.captured(1).trimmed().size()};
            return EnvironmentValue{std::move(text), value};
        }
    }
    return std::nullopt;
}

Names namesDatabase(const QString &name, const Path &database, const Path &root)
{
    if (means(name, database, {root}))
        return Names::ThisFile;
    const bool same = Path(name.toStdString()).filename() == database.filename();
    return same ? Names::SameName : Names::Another;
}

}
