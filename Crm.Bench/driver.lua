-- What wrk sends and what it reports: forms filled in by people who never repeat, or one fixed GET, and one line of figures.
--
-- Settings come as environment variables, since wrk gives script arguments to its threads only:
--   BENCH_SEND     "capture" posts forms, "post" BENCH_BODY as BENCH_TYPE, "follow" clicks on links; anything else leaves wrk's own fixed request
--   BENCH_LINKS    how many links are clicked
--   BENCH_PATH     path of the form, /f/{formKey}
--   BENCH_HOST     value of the Host header
--   BENCH_FIRST    number of the first person (eight digits, so that it fills a mobile number)
--   BENCH_THREADS  wrk's threads: person = first + sent * threads + thread, so no two threads meet

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

if os.getenv("BENCH_SEND") == "capture" then
  local first = tonumber(os.getenv("BENCH_FIRST"))
  local step = tonumber(os.getenv("BENCH_THREADS"))
  local head = "POST " .. os.getenv("BENCH_PATH") .. " HTTP/1.1\r\n"
    .. "Host: " .. os.getenv("BENCH_HOST") .. "\r\n"
    .. "Accept: application/json\r\n"
    .. "Content-Type: application/x-www-form-urlencoded\r\n"
    .. "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\n"
    .. "Content-Length: "

  -- A hundred syllables write a number below 10^8 in four of them: a different surname for each person, without digits.
  local syllables, count = {}, 0
  for consonant in ("bcdfghjklmnprstvxzwy"):gmatch(".") do
    for vowel in ("aeiou"):gmatch(".") do
      syllables[count] = consonant .. vowel
      count = count + 1
    end
  end
  local given = { [0] = "Ana", "Bruno", "Carla", "Diego", "Elisa", "Fabio", "Gabriela", "Heitor" }
  local upper = string.upper
  local format = string.format
  local floor = math.floor

  local message = "&message=Ol%C3%A1%2C+encontrei+o+site+de+voc%C3%AAs+procurando+um+fornecedor+para+a+nossa+nova+unidade+em+Campinas."
    .. "+Somos+uma+empresa+de+m%C3%A9dio+porte%2C+com+cerca+de+oitenta+pessoas%2C+e+hoje+controlamos+os+pedidos+em+planilhas%2C"
    .. "+o+que+j%C3%A1+n%C3%A3o+d%C3%A1+conta+do+volume.+Gostaria+de+receber+uma+proposta+com+prazo+de+implanta%C3%A7%C3%A3o%2C"
    .. "+valor+mensal+e+condi%C3%A7%C3%B5es+de+pagamento%2C+e+tamb%C3%A9m+de+saber+se+%C3%A9+poss%C3%ADvel+importar+os+cadastros+antigos."
    .. "+Se+puderem%2C+liguem+depois+das+quatorze+horas%2C+de+ter%C3%A7a+a+quinta%2C+porque+nas+segundas+estamos+sempre+na+f%C3%A1brica."
    .. "+Precisamos+decidir+at%C3%A9+o+fim+do+m%C3%AAs+e+temos+or%C3%A7amento+aprovado+para+o+primeiro+ano.+Obrigado+pela+aten%C3%A7%C3%A3o%2C"
    .. "+fico+no+aguardo+do+retorno+de+voc%C3%AAs.+Pedido+n%C3%BAmero+"

  sent, bad, badStatus = 0, 0, 0

  function request()
    local person = first + sent * step + number
    sent = sent + 1
    local a = syllables[floor(person / 1000000) % 100]
    local surname = upper(a:sub(1, 1)) .. a:sub(2)
      .. syllables[floor(person / 10000) % 100] .. syllables[floor(person / 100) % 100] .. syllables[person % 100]
    local digits = format("%08d", person)
    local body = "name=" .. given[person % 8] .. "+" .. surname
      .. "&email=cliente." .. digits .. "%40mail.example.com"
      .. "&phone=%2B55119" .. digits
      .. "&company=" .. surname .. "+Ltda"
      .. message .. digits
    return head .. #body .. "\r\n\r\n" .. body
  end

  -- wrk itself counts only 400 and above; a 303 would pass for an accepted lead.
  function response(status)
    if status < 200 or status > 299 then
      bad = bad + 1
      badStatus = status
    end
  end
end

if os.getenv("BENCH_SEND") == "follow" then
  local links = tonumber(os.getenv("BENCH_LINKS"))
  local random, format = math.random, string.format
  -- wrk.format puts the headers of the command line in; done once, because it would take longer than the server does.
  local before, after

  function init()
    math.randomseed(os.time() * 1000 + number)
    local whole = wrk.format("GET", "/l/b#######")
    local at = whole:find("#######", 1, true)
    before, after = whole:sub(1, at - 1), whole:sub(at + 7)
  end

  function request()
    return before .. format("%07d", random(0, links - 1)) .. after
  end
end

function done(summary, latency)
  local most, wrong, wrongStatus = 0, 0, 0
  for _, thread in ipairs(threads) do
    most = math.max(most, thread:get("sent") or 0)
    wrong = wrong + (thread:get("bad") or 0)
    wrongStatus = math.max(wrongStatus, thread:get("badStatus") or 0)
  end
  local e = summary.errors
  io.write(string.format(
    "BENCH requests=%d micros=%d bytes=%d p50=%d p99=%d max=%d connect=%d read=%d write=%d timeout=%d status=%d bad=%d badStatus=%d most=%d\n",
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect, e.read, e.write, e.timeout, e.status, wrong, wrongStatus, most))
end

if os.getenv("BENCH_SEND") == "post" then
  wrk.method = "POST"
  wrk.body = os.getenv("BENCH_BODY")
  wrk.headers["Content-Type"] = os.getenv("BENCH_TYPE") or "text/plain"
end
