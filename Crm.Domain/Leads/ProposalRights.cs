// What may be read of a proposed change and done with it: what may be done with the field of the lead that it speaks of.

using System.Collections.Concurrent;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public static class ProposalRights
{
    static readonly ResourceType Leads = ResourceType.Of<Lead>();

    /// <summary>
    /// The value is there for who may read that field of leads. Who sees only some of the leads sees no proposals in the list: a row does
    /// not say whose it is to whom.
    /// </summary>
    public static readonly NarrowRights Narrow = (_, rightsTo, own) =>
    {
        var leads = rightsTo(Leads);
        if (!own.MayRead || leads is { Rows: null, ReadsWhole: true })
            return own;
        var byField = new ConcurrentDictionary<string, FieldSet>(StringComparer.Ordinal);
        var without = own.Reads.Without("value");
        return own with
        {
            Rows = leads.Rows is null ? own.Rows : new Filter.Or([]),
            ReadsByRow = json => byField.GetOrAdd(FieldOf(json), field => leads.Reads.Contains(Owner(field)) ? own.Reads : without),
        };
    };

    /// <summary>Refuses who may not write the field of the lead.</summary>
    public static void MustWrite(UnitOfWork work, string path)
    {
        if (!work.RightsTo(Leads).Writes.Contains(Owner(path)))
            throw new ProblemException(ProblemCodes.InsufficientScope, $"The key may not write {Owner(path)} of leads.");
    }

    /// <summary>The lead's own field that a path leads into.</summary>
    static string Owner(string path) =>
        path switch
        {
            "email" => "emails",
            "phone" => "phones",
            _ when path.StartsWith("custom.", StringComparison.Ordinal) => path,
            _ => path.Split('.')[0],
        };

    static string FieldOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isField = reader.ValueTextEquals("field"u8);
            reader.Read();
            if (isField)
                return reader.GetString() ?? "";
            reader.Skip();
        }
        return "";
    }
}
