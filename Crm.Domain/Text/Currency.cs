// Currencies by their ISO 4217 codes.

namespace Crm.Domain.Text;

public static class Currency
{
    /// <summary>The codes in use; a word of three letters that is none of them is a mistake.</summary>
    static readonly HashSet<string> Codes =
    [
        .. (
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
            + "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
            + "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
        ).Split(' '),
    ];

    public static bool Exists(string code) => Codes.Contains(code);

    /// <summary>Digits behind the decimal point: how many of them an amount in minor units has.</summary>
    public static int Digits(string code) => Unusual.GetValueOrDefault(code, 2);

    /// <summary>An amount in minor units as whole units with decimals: 1250 cents are 12.5.</summary>
    public static decimal Units(long minor, string code)
    {
        var amount = (decimal)minor;
        for (var digits = Digits(code); digits > 0; digits--)
            amount /= 10;
        return amount;
    }

    /// <summary>The currencies whose amounts do not have two of them.</summary>
    public static readonly IReadOnlyDictionary<string, int> Unusual = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
        .Split(' ')
        .Select(code => (code, digits: 0))
        .Concat("BHD IQD JOD KWD LYD OMR TND".Split(' ').Select(code => (code, digits: 3)))
        .ToDictionary(pair => pair.code, pair => pair.digits, StringComparer.Ordinal);
}
