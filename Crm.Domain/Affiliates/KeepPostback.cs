// A postback that changed nothing is kept as an event of its affiliate: whoever looks for a missing sale finds what the network said.

using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Affiliates;

public static class KeepPostback
{
    /// <summary>Characters of all names and values together, of one name and of one value: anybody who knows the address can send any
    /// number of them.</summary>
    const int Most = 2_000,
        MostOfName = 64,
        MostOfValue = 200;

    /// <param name="because">Why nothing came of it, when the outcome does not say so.</param>
    public static UnitOfWork Run(
        Installation installation,
        WorkspaceSettings settings,
        Affiliate affiliate,
        PostbackOutcome outcome,
        IReadOnlyDictionary<string, string> values,
        string? because,
        Id? conversion
    )
    {
        var work = new UnitOfWork(installation, settings, affiliate.Id.Text<Affiliate>());
        work.RecordEvent(
            "affiliate.postback" + outcome,
            affiliate.Id.Text<Affiliate>(),
            writer =>
            {
                var (room, leftOut, written) = (Most, 0, new HashSet<string>(StringComparer.Ordinal));
                foreach (var (name, value) in values)
                {
                    var (shortName, shortValue) = (TextRules.Cut(name, MostOfName), TextRules.Cut(value, MostOfValue));
                    room -= shortName.Length + shortValue.Length;
                    if (room < 0 || !written.Add(shortName))
                        leftOut++;
                    else
                        writer.WriteString(shortName, shortValue);
                }
                if (leftOut > 0 && written.Add("_leftOut"))
                    writer.WriteNumber("_leftOut", leftOut);
                if (because is not null && written.Add("_because"))
                    writer.WriteString("_because", TextRules.Cut(because, MostOfValue));
            },
            conversion is { } id ? [id.Text<Conversion>()] : []
        );
        return work;
    }
}
