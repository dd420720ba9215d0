// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace lk::catalog::json {

using operations::Argument;
using operations::Arguments;
using operations::Counts;
using operations::Field;
using operations::FieldValue;
using operations::Invocation;

static constexpr QLatin1String Base64("base64");
static constexpr QLatin1String Pairs("counts");

static QByteArray viewOf(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QJsonValue fromText(std::string_view bytes)
{
    if (path::isUtf8(bytes))
        return QString::fromUtf8(viewOf(bytes));
    return QJsonObject{{Base64, QString::fromLatin1(viewOf(bytes).toBase64())}};
}

std::string toText(const QJsonValue &value)
{
    if (value.isObject())
        return QByteArray::fromBase64(value[Base64].toString().toLatin1()).toStdString();
    return value.toString().toStdString();
}

static std::string written(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

static QJsonObject read(std::string_view json)
{
    return QJsonDocument::fromJson(viewOf(json)).object();
}

static QString key(const std::string &id)
{
    return QString::fromStdString(id);
}

static QJsonObject objectOf(const Arguments &arguments)
{
    QJsonObject object;
    for (const auto &[id, argument] : arguments) {
        const auto *flag = std::get_if<bool>(&argument);
        object.insert(key(id), flag ? QJsonValue(*flag) : fromText(std::get<std::string>(argument)));
    }
    return object;
}

static Arguments argumentsOf(const QJsonObject &object)
{
    Arguments arguments;
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const QJsonValue value = entry.value();
        arguments[entry.key().toStdString()] = value.isBool() ? Argument(value.toBool()) : Argument(toText(value));
    }
    return arguments;
}

std::string fromArguments(const Arguments &arguments)
{
    return written(objectOf(arguments));
}

Arguments toArguments(std::string_view json)
{
    return argumentsOf(read(json));
}

std::string fromInvocation(const Invocation &invocation)
{
    return written({{QStringLiteral("operation"), key(invocation.operation)},
                    {QStringLiteral("path"), fromText(invocation.path.native())},
                    {QStringLiteral("arguments"), objectOf(invocation.arguments)}});
}

std::optional<Invocation> toInvocation(std::string_view json)
{
    const QJsonObject object = read(json);
    Invocation invocation{.operation = object[QStringLiteral("operation")].toString().toStdString(),
                          .path = toText(object[QStringLiteral("path")]),
                          .arguments = argumentsOf(object[QStringLiteral("arguments")].toObject())};
    return invocation.operation.empty() || invocation.path.empty() ? std::nullopt : std::optional(invocation);
}

static QJsonValue valueOf(const FieldValue &value)
{
    struct Convert
    {
        QJsonValue operator()(std::monostate) const { return QJsonValue::Null; }
        QJsonValue operator()(bool b) const { return b; }
        QJsonValue operator()(std::int64_t number) const { return qint64(number); }
        QJsonValue operator()(double number) const { return number; }
        QJsonValue operator()(const std::string &text) const { return fromText(text); }
        QJsonValue operator()(const std::vector<std::string> &list) const
        {
            QJsonArray texts;
            for (const std::string &text : list)
                texts.append(fromText(text));
            return texts;
        }
        QJsonValue operator()(const Counts &counts) const
        {
            QJsonArray pairs;
            for (const auto &[name, number] : counts)
                pairs.append(QJsonArray{fromText(name), qint64(number)});
            return QJsonObject{{Pairs, pairs}};
        }
    };
    return std::visit(Convert(), value);
}

static FieldValue fieldOf(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool();
    if (value.isDouble()) {
        const QVariant number = value.toVariant();
        return number.typeId() == QMetaType::Double ? FieldValue(number.toDouble())
                                                    : FieldValue(std::int64_t(number.toLongLong()));
    }
    if (value.isString() || (value.isObject() && value.toObject().contains(Base64)))
        return toText(value);
    if (value.isArray()) {
        std::vector<std::string> texts;
        for (const QJsonValue text : value.toArray())
            texts.push_back(toText(text));
        return texts;
    }
    if (!value.isObject())
        return std::monostate();
    Counts counts;
    for (const QJsonValue pair : value[Pairs].toArray())
        counts.emplace_back(toText(pair[0]), pair[1].toInteger());
    return counts;
}

std::string fromFields(const std::vector<Field> &fields)
{
    QJsonObject object;
    for (const Field &field : fields)
        object.insert(key(field.id), valueOf(field.value));
    return written(object);
}

std::vector<Field> toFields(std::string_view json)
{
    std::vector<Field> fields;
    const QJsonObject object = read(json);
    for (auto entry = object.begin(); entry != object.end(); ++entry)
        fields.push_back({entry.key().toStdString(), fieldOf(entry.value())});
    return fields;
}

}
